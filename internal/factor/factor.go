// Package factor is what members prove themselves with beside a password: an
// authenticator's six digits, recovery codes, passkeys, and an account at the
// operator's OpenID provider. It decides whether a proof is good and never
// opens a session: package user does that for the member it names.
package factor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/seal"
)

// Factors is the factors of all members. Safe for concurrent use.
type Factors struct {
	db   *db.DB
	seal *seal.Seal
	// name is how authenticators show the atlas.
	name func(context.Context) string
	// tell is nil where nobody is told.
	tell Tell
	// keys is nil where the atlas has a number or a bare word instead of a domain,
	// to which a passkey belongs (WebAuthn, 5.1.2).
	keys *webauthn.WebAuthn
}

// New makes the factors kept in d. key is 32 bytes that lie outside of the
// database, so that whoever has a copy of that alone has no seeds; base is the
// public address, to whose host passkeys belong.
func New(d *db.DB, key []byte, base string, name func(context.Context) string) (*Factors, error) {
	s, err := seal.New(key)
	if err != nil {
		return nil, err
	}
	f := &Factors{db: d, seal: s, name: name}
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	if host := u.Hostname(); net.ParseIP(host) != nil || host != "localhost" && !strings.Contains(host, ".") {
		return f, nil
	}
	f.keys, err = webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: u.Hostname(), RPOrigins: []string{base}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Timeout: flowTime, TimeoutUVD: flowTime},
			Registration: webauthn.TimeoutConfig{Timeout: flowTime, TimeoutUVD: flowTime},
		},
	})
	return f, err
}

// Changes are the changes to what a member proves themselves with, as the audit
// log has them.
var Changes = []string{"factor-add", "factor-remove", "codes-new", "code-use", "passkey-add", "passkey-remove", "identity-add", "identity-remove"}

// Tell lets a member know of a change to what they prove themselves with, in the
// transaction that makes it. The change is one of Changes.
type Tell func(tx *db.Tx, member int64, change string) error

// WithTell gives the factors somebody who tells their owners of changes.
func (f *Factors) WithTell(t Tell) *Factors { f.tell = t; return f }

// changed writes down a change to what a member proves themselves with, and tells
// them: whoever else made it is found out by that.
func (f *Factors) changed(tx *db.Tx, who actor.Actor, change string, details map[string]any) error {
	if err := audit.Write(tx, who, change, auditKind, who.ID, details); err != nil || f.tell == nil {
		return err
	}
	return f.tell(tx, who.ID, change)
}

// Passkeys says whether there can be passkeys at the atlas's address.
func (f *Factors) Passkeys() bool { return f.keys != nil }

var errNumber = errs.New(errs.Unavailable, "Passkeys belong to a domain, and the address of this atlas has none. Sign in another way.")

// Has is what a member has beside a password.
type Has struct {
	Authenticator bool
	Since         time.Time // of the authenticator
	Codes         int       // recovery codes that are left
	Passkeys      []Passkey
	Identities    []Identity
}

// Second says that a password alone does not sign this member in.
func (h Has) Second() bool { return h.Authenticator }

// Of tells what a member has.
func (f *Factors) Of(ctx context.Context, member int64) (h Has, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		h = Has{}
		var since int64
		err := tx.QueryRow(`SELECT confirmed_at FROM factors WHERE member = $1 AND confirmed_at > 0`, member).Scan(&since)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		h.Authenticator, h.Since = err == nil, db.Time(since)
		if err := tx.QueryRow(`SELECT count(*) FROM recovery_codes WHERE member = $1 AND used_at = 0`, member).Scan(&h.Codes); err != nil {
			return err
		}
		if h.Passkeys, err = passkeysOf(tx, member); err != nil {
			return err
		}
		h.Identities, err = identitiesOf(tx, member)
		return err
	})
	return h, err
}

func (f *Factors) random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(f.db.Random(), b)
	return b, err
}

// hashOf is a secret of at least 120 random bits as the database keeps it.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

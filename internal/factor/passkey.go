package factor

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
	"mirabilia/internal/user"
)

// Passkey is a key on a device of a member, which signs in without a password:
// the device asks for a finger, a face or its own code.
type Passkey struct {
	ID      int64
	Name    string
	Created time.Time
	Used    time.Time
}

const (
	maxPasskeys    = 20
	maxPasskeyName = 60
	handleSize     = 32
	addFlow        = "passkey-add"
	signInFlow     = "passkey-sign-in"
)

// holder is a member as the library wants one. The handle is random, so that a
// device tells nobody which account it holds.
type holder struct {
	member      int64
	handle      []byte
	name, shown string
	keys        []webauthn.Credential
	ids         []int64
}

func (h *holder) WebAuthnID() []byte                         { return h.handle }
func (h *holder) WebAuthnName() string                       { return h.name }
func (h *holder) WebAuthnDisplayName() string                { return h.shown }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func passkeysOf(tx *db.Tx, member int64) (list []Passkey, err error) {
	rows, err := tx.Query(`SELECT id, name, created_at, used_at FROM passkeys WHERE member = $1 ORDER BY id`, member)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var p Passkey
		var created, used int64
		err := r.Scan(&p.ID, &p.Name, &created, &used)
		p.Created, p.Used = db.Time(created), db.Time(used)
		list = append(list, p)
		return err
	})
	return list, err
}

// holderOf reads the keys of a member, by the column member or handle.
func holderOf(tx *db.Tx, column string, value any) (*holder, error) {
	h := &holder{}
	rows, err := tx.Query(`SELECT id, member, handle, record FROM passkeys WHERE `+column+` = $1 ORDER BY id`, value)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		var handle, record string
		if err := r.Scan(&id, &h.member, &handle, &record); err != nil {
			return err
		}
		var key webauthn.Credential
		if err := json.Unmarshal([]byte(record), &key); err != nil {
			return err
		}
		b, err := base64.RawURLEncoding.DecodeString(handle)
		h.handle, h.keys, h.ids = b, append(h.keys, key), append(h.ids, id)
		return err
	})
	return h, err
}

// BeginPasskey gives what the browser needs to make a key, as JSON, and the
// secret of the flow, which EndPasskey wants back.
func (f *Factors) BeginPasskey(ctx context.Context, who actor.Actor) (options []byte, flow string, err error) {
	if err := who.Needs(actor.Member); err != nil {
		return nil, "", err
	}
	if f.keys == nil {
		return nil, "", errNumber
	}
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		h, err := holderOf(tx, "member", who.ID)
		if err != nil {
			return err
		}
		if len(h.keys) >= maxPasskeys {
			return errs.New(errs.Conflict, "An account has %d passkeys at most. Remove one first.", maxPasskeys)
		}
		h.member, h.name, h.shown = who.ID, who.Name, who.Shown
		if h.handle == nil {
			if h.handle, err = f.random(handleSize); err != nil {
				return err
			}
		}
		creation, session, err := f.keys.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
		if err != nil {
			return err
		}
		if options, err = json.Marshal(creation.Response); err != nil {
			return err
		}
		flow, err = f.begin(tx, addFlow, who.ID, session)
		return err
	})
	return options, flow, err
}

// EndPasskey takes the browser's answer and keeps the key under a name.
func (f *Factors) EndPasskey(ctx context.Context, who actor.Actor, flow, name string, answer []byte) error {
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	name = text.Excerpt(text.CleanLine(name), maxPasskeyName)
	if name == "" {
		name = "Passkey"
	}
	var session webauthn.SessionData
	if err := f.take(ctx, addFlow, flow, who.ID, &session); err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "The passkey could not be read. Begin again.")
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		h, err := holderOf(tx, "member", who.ID)
		if err != nil {
			return err
		}
		h.member, h.handle = who.ID, session.UserID
		key, err := f.keys.CreateCredential(h, session, parsed)
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "The passkey could not be checked. Begin again.")
		}
		record, err := json.Marshal(key)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO passkeys (id, member, credential, handle, name, record, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			tx.DB().NewID(), who.ID, base64.RawURLEncoding.EncodeToString(key.ID), base64.RawURLEncoding.EncodeToString(h.handle), name, string(record), tx.DB().Millis())
		if err != nil {
			return err
		}
		return f.changed(tx, who, "passkey-add", map[string]any{"name": name})
	})
}

// take ends a flow in a transaction of its own, so that a wrong answer has
// spent it too. member is who must have begun it, 0 for nobody known.
func (f *Factors) take(ctx context.Context, purpose, secret string, member int64, data any) error {
	return f.db.Write(ctx, func(tx *db.Tx) error {
		of, err := end(tx, purpose, secret, data)
		if err == nil && of != member {
			err = ErrFlow
		}
		return err
	})
}

// BeginPasskeySignIn gives what the browser needs to find a key of this atlas
// on the device, the same for everybody: no list of accounts.
func (f *Factors) BeginPasskeySignIn(ctx context.Context) (options []byte, flow string, err error) {
	if f.keys == nil {
		return nil, "", errNumber
	}
	assertion, session, err := f.keys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	if options, err = json.Marshal(assertion.Response); err != nil {
		return nil, "", err
	}
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		flow, err = f.begin(tx, signInFlow, 0, session)
		return err
	})
	return options, flow, err
}

// EndPasskeySignIn takes the browser's answer and names the member whose key it
// is. A key whose counter has gone back was copied, and is refused.
func (f *Factors) EndPasskeySignIn(ctx context.Context, flow string, answer []byte) (member int64, err error) {
	var session webauthn.SessionData
	if err := f.take(ctx, signInFlow, flow, 0, &session); err != nil {
		return 0, err
	}
	unknown := func(cause error) error {
		return errs.Wrap(cause, errs.Denied, "This passkey is not known here, or could not be checked. Sign in another way.")
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return 0, unknown(err)
	}
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		var h *holder
		find := func(_, handle []byte) (webauthn.User, error) {
			h, err = holderOf(tx, "handle", base64.RawURLEncoding.EncodeToString(handle))
			return h, err
		}
		_, key, err := f.keys.ValidatePasskeyLogin(find, session, parsed)
		if err != nil {
			return unknown(err)
		}
		if key.Authenticator.CloneWarning {
			return unknown(nil)
		}
		record, err := json.Marshal(key)
		if err != nil {
			return err
		}
		member = h.member
		_, err = tx.Exec(`UPDATE passkeys SET record = $1, used_at = $2 WHERE credential = $3`, string(record), tx.DB().Millis(), base64.RawURLEncoding.EncodeToString(key.ID))
		return err
	})
	return member, err
}

// RemovePasskey takes a key away; the device may still offer it.
func (f *Factors) RemovePasskey(ctx context.Context, who actor.Actor, id int64) error {
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM passkeys WHERE id = $1 AND member = $2`, id, who.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "There is no such passkey.")
		}
		return f.changed(tx, who, "passkey-remove", nil)
	})
}

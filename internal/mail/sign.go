package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"

	"mirabilia/internal/errs"
)

// signer signs letters so that their readers' servers can tell that they are of
// this atlas's domain (DKIM, RFC 6376).
type signer struct {
	key      crypto.Signer
	domain   string
	selector string
}

// signed are the headers that a signature covers, also where a letter has none of
// them: nobody adds one on the way.
var signed = []string{"From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Reply-To", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"}

// leastRSA is how many bits an RSA key has at least: receivers believe no shorter
// one.
const leastRSA = 1024

// newSigner reads a key file: PEM with an RSA or Ed25519 key.
func newSigner(file, selector, domain string) (*signer, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "MIRABILIA_DKIM_KEY: %s cannot be read", file)
	}
	key, err := readKey(b)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "MIRABILIA_DKIM_KEY: %s holds no RSA or Ed25519 key in PEM; make one by: openssl genrsa -out %s 2048", file, file)
	}
	if r, ok := key.(*rsa.PrivateKey); ok && r.N.BitLen() < leastRSA {
		return nil, errs.New(errs.Invalid, "MIRABILIA_DKIM_KEY: the key has %d bits; receivers want %d, better 2048", r.N.BitLen(), leastRSA)
	}
	return &signer{key: key, domain: domain, selector: selector}, nil
}

func readKey(b []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errs.New(errs.Invalid, "no PEM")
	}
	if strings.HasPrefix(block.Type, "RSA ") {
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, errs.New(errs.Invalid, "a key of another kind")
}

// sign adds the signature of a letter that is otherwise as it will leave. Its
// boundary must be set, since each writing would choose another one else.
func (s *signer) sign(letter *gomail.Msg) error {
	var whole bytes.Buffer
	if _, err := letter.WriteTo(&whole); err != nil {
		return err
	}
	w, err := dkim.NewSigner(&dkim.SignOptions{Domain: s.domain, Selector: s.selector, Signer: s.key, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		return err
	}
	_, err = w.Write(whole.Bytes())
	if e := w.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	_, value, _ := strings.Cut(strings.TrimSuffix(w.Signature(), "\r\n"), ": ")
	letter.SetGenHeaderPreformatted("DKIM-Signature", value)
	return nil
}

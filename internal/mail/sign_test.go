package mail_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/mail"
)

// keyFile writes a key as PEM and gives the file and the record of its other half.
func keyFile(t *testing.T, key crypto.Signer, pkcs1 bool) (file, record string) {
	t.Helper()
	kind := "PRIVATE KEY"
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if r, ok := key.(*rsa.PrivateKey); ok && pkcs1 {
		kind, b = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
		t.Fatal(err)
	}
	switch k := key.Public().(type) {
	case ed25519.PublicKey:
		return file, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(k)
	default:
		b, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return file, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(b)
	}
}

// A letter that a server caught verifies against the record of its domain, and
// no longer when somebody has changed a word of it.
func TestSigned(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		key   crypto.Signer
		pkcs1 bool
	}{"rsa": {rsaKey, false}, "rsa, old form": {rsaKey, true}, "ed25519": {edKey, false}} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				file, record := keyFile(t, x.key, x.pkcs1)
				k := newSink(t, sinkOptions{})
				c := crew(d, post(t, mail.Config{SMTP: "smtp://" + k.address, DKIMKey: file, DKIMSelector: "s1"}))
				plain := letter("one@example.net")
				plain.HTML = ""
				enqueue(t, d, letter("two@example.net"), plain)
				if _, err := c.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				all := k.all()
				if len(all) != 2 {
					t.Fatalf("%d letters", len(all))
				}
				lookUp := &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
					if name != "s1._domainkey.example.org" {
						return nil, errors.New("asked for " + name)
					}
					return []string{record}, nil
				}}
				for _, got := range all {
					list, err := dkim.VerifyWithOptions(strings.NewReader(got.Data), lookUp)
					if err != nil || len(list) != 1 || list[0].Err != nil || list[0].Domain != "example.org" {
						t.Fatalf("%+v, %v\n%s", list, err, got.Data)
					}
					for _, forged := range []string{
						strings.Replace(got.Data, "a long line", "a lung line", 1),
						strings.Replace(got.Data, got.To, "three@example.net", 1),
						"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" + got.Data,
					} {
						list, err := dkim.VerifyWithOptions(strings.NewReader(forged), lookUp)
						if err != nil || len(list) != 1 || list[0].Err == nil {
							t.Errorf("a changed letter verifies: %v", err)
						}
					}
				}
			})
		})
	}
}

func TestSigned_badKeys(t *testing.T) {
	dir := t.TempDir()
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good, _ := keyFile(t, short, false)
	if p, err := mail.Open(mail.Config{From: "atlas@example.org", DKIMKey: good, DKIMSelector: "s1"}); err != nil {
		t.Error(err)
	} else if err := p.Close(); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{"none.pem": "", "words.pem": "no key", "torn.pem": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		file := filepath.Join(dir, name)
		if text != "" {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := mail.Open(mail.Config{From: "atlas@example.org", DKIMKey: file, DKIMSelector: "s1"}); err == nil || !strings.Contains(err.Error(), "MIRABILIA_DKIM_KEY") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

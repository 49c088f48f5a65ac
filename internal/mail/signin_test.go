package mail

import (
	"errors"
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

// Only a server on this machine is told a password without TLS.
func TestOnThisMachine(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.8.9.1": true, "::1": true,
		"": false, "localhost.example.org": false, "mail.example.org": false, "10.0.0.1": false, "192.168.1.2": false, "0.0.0.0": false, "127.0.0.1.example.org": false,
	} {
		if got := onThisMachine(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
	if err := explained(gomail.ErrNoSupportedAuthDiscovered); !errors.Is(err, gomail.ErrNoSupportedAuthDiscovered) || !strings.Contains(err.Error(), "no TLS") {
		t.Errorf("%v", err)
	}
}

package config_test

import (
	"strings"
	"testing"

	"mirabilia/internal/config"
)

func TestParseServer(t *testing.T) {
	for raw, want := range map[string]config.Server{
		"smtp://h":                        {Host: "h", Port: 587, TLS: config.TLSOffered},
		"smtp://u:p%40@h:25?tls=required": {Host: "h", Port: 25, User: "u", Password: "p@", TLS: config.TLSRequired},
		"smtps://u@[::1]:4650/":           {Host: "::1", Port: 4650, User: "u", TLS: config.TLSImplicit},
		"smtps://mail.example.org":        {Host: "mail.example.org", Port: 465, TLS: config.TLSImplicit},
	} {
		if got, err := config.ParseServer(raw); err != nil || got != want {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
	for _, raw := range []string{"h:25", "http://h", "smtp://", "smtp://h/x", "smtp://h:0", "smtp://h:99999", "smtp://u:hunter2@h?tls=none", "smtp://u:hunter2@h?x=y", "smtps://u:hunter2@h?tls=required", "smtp://u:hunter2%@h", "smtp://u:hunter2@h#x"} {
		if _, err := config.ParseServer(raw); err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestSender(t *testing.T) {
	for base, want := range map[string]string{"https://atlas.example.org": "atlas@atlas.example.org", "http://127.0.0.1:8080": "atlas@localhost", "http://[::1]:80": "atlas@localhost"} {
		c := config.Config{Storage: config.Storage{Data: "d"}, Serving: config.Serving{Listen: "127.0.0.1:1", URL: base}}
		if err := c.Validate(); err != nil || c.MailFrom != want {
			t.Errorf("%s: %s, %v", base, c.MailFrom, err)
		}
	}
}

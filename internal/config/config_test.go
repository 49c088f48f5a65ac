package config

import (
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	good := Config{Storage: Storage{Data: "./x/"}, Serving: Serving{Listen: "127.0.0.1:8080"}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	if good.URL != "http://127.0.0.1:8080" || good.Data != "x" {
		t.Fatalf("defaults not filled: %+v", good)
	}
	for name, c := range map[string]Config{
		"MIRABILIA_LISTEN":           {Serving: Serving{Listen: "8080"}},
		"MIRABILIA_DATABASE":         {Storage: Storage{Database: "mysql://x"}},
		"MIRABILIA_URL":              {Serving: Serving{URL: "https://host/sub"}},
		"MIRABILIA_GEOCODER":         {Serving: Serving{Geocoder: "nominatim"}},
		"MIRABILIA_PRIVATE_LISTEN":   {Serving: Serving{PrivateListen: "127.0.0.1:8080"}},
		"MIRABILIA_DATA":             {Storage: Storage{Data: "a\x00b"}},
		"MIRABILIA_SMTP":             {Serving: Serving{Mail: Mail{SMTP: "mail.example.org"}}},
		"MIRABILIA_SMTP_RATE":        {Serving: Serving{Mail: Mail{SMTPRate: -1}}},
		"MIRABILIA_SMTP_CONNECTIONS": {Serving: Serving{Mail: Mail{SMTPConnections: new(int)}}},
		"MIRABILIA_OIDC_ISSUER":      {Serving: Serving{SignIn: SignIn{OIDCIssuer: "http://provider.example", OIDCClientID: "x"}}},
		"MIRABILIA_OIDC_CLIENT_ID":   {Serving: Serving{SignIn: SignIn{OIDCIssuer: "https://provider.example"}}},
		"MIRABILIA_DKIM_SELECTOR":    {Serving: Serving{Mail: Mail{DKIMSelector: "a b"}}},
		"MIRABILIA_BOUNCES":          {Serving: Serving{Mail: Mail{Bounces: "/nowhere"}}},
		"MIRABILIA_MAIL_FROM":        {Serving: Serving{Mail: Mail{MailFrom: "Atlas <a@b.c>"}}},
		"MIRABILIA_BLOBS":            {Storage: Storage{Data: "x", Blobs: "/srv/files"}},
		"MIRABILIA_REPLICAS":         {Serving: Serving{Replicas: []string{"postgres://h/x"}}},
	} {
		if c.Data == "" {
			c.Data = "data"
		}
		if c.Listen == "" {
			c.Listen = "127.0.0.1:8080"
		}
		err := c.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), name+":") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: want one line naming it, got %v", name, err)
		}
	}
}

func TestValidate_url(t *testing.T) {
	for given, want := range map[string]string{
		"https://atlas.example.org/": "https://atlas.example.org", "http://Atlas.Example:8080": "http://atlas.example:8080",
		"https://bücher.example": "https://xn--bcher-kva.example", "https://bücher.example:444": "https://xn--bcher-kva.example:444", "http://[::1]:80": "http://[::1]:80", "http://nas": "http://nas",
	} {
		c := Config{Storage: Storage{Data: "d"}, Serving: Serving{Listen: "127.0.0.1:1", URL: given}}
		if err := c.Validate(); err != nil || c.URL != want {
			t.Errorf("%s becomes %s, %v; want %s", given, c.URL, err, want)
		}
	}
	for _, bad := range []string{"https://u:hunter2@atlas.example", "http://:8080", "https://b ü.example", "https://atlas.example?x"} {
		c := Config{Storage: Storage{Data: "d"}, Serving: Serving{Listen: "127.0.0.1:1", URL: bad}}
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), "MIRABILIA_URL: ") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	c := Config{Storage: Storage{Data: "d"}, Serving: Serving{Listen: ":8080"}}
	if err := c.Validate(); err != nil || c.URL != "http://localhost:8080" {
		t.Errorf("%s, %v", c.URL, err)
	}
}

func TestValidate_replicas(t *testing.T) {
	c := Config{Storage: Storage{Data: "d", Database: "postgres://h/x"}, Serving: Serving{Listen: "127.0.0.1:1", Replicas: []string{" postgres://a/x", "", "postgresql:///x?host=/run "}}}
	if err := c.Validate(); err != nil || len(c.Replicas) != 2 || c.Replicas[0] != "postgres://a/x" || c.Replicas[1] != "postgresql:///x?host=/run" {
		t.Errorf("%q, %v", c.Replicas, err)
	}
	for _, bad := range []string{"a:5432", "mysql://hunter2@h/x", "postgres:///x", "postgres://u:hunter2%@h/x"} {
		c.Replicas = []string{"postgres://a/x", bad}
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), "MIRABILIA_REPLICAS:") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestRedacted_hidesPasswords(t *testing.T) {
	c := Config{Storage: Storage{Database: "postgres://u:hunter2@h/db?password=hunter3"}, Serving: Serving{Replicas: []string{"postgres://u:hunter6@h/db"}, Mail: Mail{SMTP: "smtp://u:hunter4@h"}, SignIn: SignIn{OIDCClientSecret: "hunter5"}}}
	for k, v := range c.Redacted() {
		if strings.Contains(v, "hunter") {
			t.Errorf("%s shows a password: %s", k, v)
		}
	}
}

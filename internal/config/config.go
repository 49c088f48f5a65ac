// Package config is everything an operator can set before the start: flags,
// the same as environment variables, or a TOML file. What can be changed while
// running lies in the database (package setting).
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the names of zones, on systems that lack them

	"golang.org/x/net/idna"
)

// Storage says where an atlas is kept; every command that touches one has it.
type Storage struct {
	Data     string `default:"./data" env:"MIRABILIA_DATA" placeholder:"DIR" help:"Data directory: database, photos, snapshots."`
	Blobs    string `env:"MIRABILIA_BLOBS" placeholder:"URL" help:"s3://bucket?endpoint=…&region=… for photos; without it, a folder in the data directory."`
	Database string `env:"MIRABILIA_DATABASE" placeholder:"URL" help:"postgres:// address; without it, SQLite in the data directory."`
}

// Serving is what serve needs beyond the storage.
type Serving struct {
	Listen         string   `default:"127.0.0.1:8080" env:"MIRABILIA_LISTEN" placeholder:"ADDRESS" help:"Address to listen on."`
	PrivateListen  string   `env:"MIRABILIA_PRIVATE_LISTEN" placeholder:"ADDRESS" help:"Address of /metrics and profiling; off by default."`
	URL            string   `name:"url" env:"MIRABILIA_URL" placeholder:"URL" help:"Public base URL; http:// and the listening address by default."`
	Replicas       []string `env:"MIRABILIA_REPLICAS" placeholder:"URLS" help:"Read replicas of the PostgreSQL database, postgres:// addresses with commas between; public pages are read from them."`
	Timezone       string   `default:"UTC" env:"MIRABILIA_TIMEZONE" placeholder:"ZONE" help:"Time zone of schedules, as Europe/Paris."`
	Tiles          string   `env:"MIRABILIA_TILES" placeholder:"MAP" help:"A .pmtiles file with a basemap, or the URL of a MapLibre style; the embedded world by default."`
	Geocoder       string   `env:"MIRABILIA_GEOCODER" placeholder:"URL" help:"Nominatim or Photon address for street addresses; off by default."`
	Router         string   `env:"MIRABILIA_ROUTER" placeholder:"URL" help:"OSRM or Valhalla address for Along the way by road; straight lines by default."`
	OutboundAllow  []string `env:"MIRABILIA_OUTBOUND_ALLOW" placeholder:"NETWORKS" help:"Private networks that webhooks and link checks may reach, as 10.0.0.0/8; none by default."`
	Registration   string   `default:"open" env:"MIRABILIA_REGISTRATION" placeholder:"WHO" help:"Who may join: open, invite or closed."`
	TrustedProxies []string `env:"MIRABILIA_TRUSTED_PROXIES" placeholder:"NETWORKS" help:"Networks whose X-Forwarded-For is believed, as 10.0.0.0/8; none by default."`
	SecretFile     string   `env:"MIRABILIA_SECRET_FILE" placeholder:"FILE" help:"Keys of this atlas, which its nodes share; made in the data directory by default."`
	// NetworkConnections bounds one IPv4 address or IPv6 /64; private addresses, where proxies stand, are free.
	NetworkConnections int `default:"1000" env:"MIRABILIA_NETWORK_CONNECTIONS" placeholder:"N" help:"Connections that one network may hold open; 0 for any number."`
	Mail               `embed:""`
	SignIn             `embed:""`
}

// Config is one whole configuration.
type Config struct {
	Storage `embed:""`
	Serving `embed:""`
}

// Validate names the first value that cannot be used. It also fills what
// follows from the other values.
func (s *Storage) Validate() error {
	if s.Data == "" {
		return errors.New("MIRABILIA_DATA: name a directory")
	}
	if strings.ContainsRune(s.Data, 0) {
		return errors.New("MIRABILIA_DATA: a path cannot hold a NUL byte")
	}
	s.Data = filepath.Clean(s.Data)
	if s.Blobs != "" && !strings.HasPrefix(s.Blobs, "s3://") {
		return errors.New("MIRABILIA_BLOBS: want s3://bucket?endpoint=https://host&region=name, or nothing for a folder in the data directory")
	}
	if s.Database == "" {
		return nil
	}
	u, err := url.Parse(s.Database)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return errors.New("MIRABILIA_DATABASE: want postgres://user:password@host/name, or nothing for SQLite in the data directory")
	}
	return nil
}

// Validate names the first value that cannot be used. It also fills what
// follows from the other values.
func (s *Serving) Validate() error {
	if err := address(s.Listen); err != nil {
		return fmt.Errorf("MIRABILIA_LISTEN: %w", err)
	}
	if s.PrivateListen != "" {
		if err := address(s.PrivateListen); err != nil {
			return fmt.Errorf("MIRABILIA_PRIVATE_LISTEN: %w", err)
		}
		if s.PrivateListen == s.Listen {
			return errors.New("MIRABILIA_PRIVATE_LISTEN: choose another address than MIRABILIA_LISTEN")
		}
	}
	if err := s.base(); err != nil {
		return fmt.Errorf("MIRABILIA_URL: %w", err)
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		return fmt.Errorf("MIRABILIA_TIMEZONE: %q is no time zone; want a name such as Europe/Paris", s.Timezone)
	}
	if s.Tiles != "" && !strings.HasSuffix(s.Tiles, ".pmtiles") {
		if _, err := webURL(s.Tiles); err != nil {
			return errors.New("MIRABILIA_TILES: want a .pmtiles file on this machine, or the https:// address of a MapLibre style")
		}
	} else if strings.Contains(s.Tiles, "://") {
		return errors.New("MIRABILIA_TILES: a .pmtiles archive is read from this machine; download it and name the file")
	}
	if s.Registration != "" && s.Registration != "open" && s.Registration != "invite" && s.Registration != "closed" {
		return fmt.Errorf("MIRABILIA_REGISTRATION: %q is none of open, invite, closed", s.Registration)
	}
	if _, err := s.Proxies(); err != nil {
		return err
	}
	if _, err := s.Allowed(); err != nil {
		return err
	}
	if s.NetworkConnections < 0 {
		return errors.New("MIRABILIA_NETWORK_CONNECTIONS: want a number of connections, or 0 for any number")
	}
	if s.Geocoder != "" {
		if _, err := webURL(s.Geocoder); err != nil {
			return fmt.Errorf("MIRABILIA_GEOCODER: %w", err)
		}
		s.Geocoder = strings.TrimRight(s.Geocoder, "/")
	}
	if s.Router != "" {
		if _, err := webURL(strings.TrimPrefix(strings.TrimPrefix(s.Router, "osrm+"), "valhalla+")); err != nil {
			return fmt.Errorf("MIRABILIA_ROUTER: %w; osrm+ or valhalla+ before it says which", err)
		}
		s.Router = strings.TrimRight(s.Router, "/")
	}
	if err := s.Mail.validate(s.URL); err != nil {
		return err
	}
	return s.SignIn.validate()
}

// base brings the public address into the one form that browsers write it in.
func (s *Serving) base() error {
	if s.URL == "" {
		s.URL = "http://" + s.Listen
		if strings.HasPrefix(s.Listen, ":") { // on every address of this machine
			s.URL = "http://localhost" + s.Listen
		}
	}
	base, err := webURL(s.URL)
	if err != nil {
		return err
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" || strings.Trim(base.Path, "/") != "" || base.Hostname() == "" {
		return errors.New("want scheme and host only, as https://atlas.example.org")
	}
	host := strings.ToLower(base.Host)
	if strings.ContainsFunc(host, func(r rune) bool { return r > 127 }) {
		name, err := idna.Lookup.ToASCII(base.Hostname())
		if err != nil {
			return fmt.Errorf("%q is no name of a host", base.Hostname())
		}
		if host = name; base.Port() != "" {
			host += ":" + base.Port()
		}
	}
	s.URL = base.Scheme + "://" + host
	return nil
}

// Validate checks both halves.
func (c *Config) Validate() error {
	if err := c.Storage.Validate(); err != nil {
		return err
	}
	if err := c.Serving.Validate(); err != nil {
		return err
	}
	return c.replicas()
}

// replicas checks the addresses of replicas and leaves out empty ones.
func (c *Config) replicas() error {
	var list []string
	for _, text := range c.Replicas {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		// An error of the parser would repeat the password.
		if u, err := url.Parse(text); err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Host == "" && u.Query().Get("host") == "" {
			return errors.New("MIRABILIA_REPLICAS: want postgres://user:password@host/name, several with commas between")
		}
		list = append(list, text)
	}
	if c.Replicas = list; len(list) > 0 && c.Database == "" {
		return errors.New("MIRABILIA_REPLICAS: SQLite has no replicas; name the PostgreSQL database in MIRABILIA_DATABASE")
	}
	return nil
}

// Proxies are the trusted networks; a single address is a network of one.
func (s *Serving) Proxies() ([]netip.Prefix, error) {
	return networks("MIRABILIA_TRUSTED_PROXIES", s.TrustedProxies)
}

// Allowed are the private networks that strangers' addresses may lead to.
func (s *Serving) Allowed() ([]netip.Prefix, error) {
	return networks("MIRABILIA_OUTBOUND_ALLOW", s.OutboundAllow)
}

func networks(name string, texts []string) (list []netip.Prefix, err error) {
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if a, e := netip.ParseAddr(text); err != nil && e == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no network; want 10.0.0.0/8 or an address", name, text)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

// Zone is the time zone of schedules; Validate has checked it.
func (s *Serving) Zone() *time.Location {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Redacted is the configuration as it may be logged: passwords hidden.
func (c Config) Redacted() map[string]string {
	m := map[string]string{
		"listen": c.Listen, "private_listen": c.PrivateListen, "url": c.URL,
		"data": c.Data, "database": "sqlite", "timezone": c.Timezone, "geocoder": hidePassword(c.Geocoder), "router": hidePassword(c.Router), "tiles": c.Tiles,
		"registration": c.Registration, "trusted_proxies": strings.Join(c.TrustedProxies, ","), "outbound_allow": strings.Join(c.OutboundAllow, ","), "secret_file": c.SecretFile,
		"network_connections": strconv.Itoa(c.NetworkConnections),
	}
	m["smtp"], m["smtp_rate"], m["mail_from"] = hidePassword(c.SMTP), strconv.FormatFloat(c.SMTPRate, 'f', -1, 64), c.MailFrom
	if c.SMTPConnections != nil {
		m["smtp_connections"] = strconv.Itoa(*c.SMTPConnections)
	}
	m["oidc_issuer"], m["oidc_client_id"] = c.OIDCIssuer, c.OIDCClientID
	replicas := make([]string, len(c.Replicas))
	for i, r := range c.Replicas {
		replicas[i] = hidePassword(r)
	}
	m["replicas"] = strings.Join(replicas, ",")
	if c.Database != "" {
		m["database"] = hidePassword(c.Database)
	}
	return m
}

func hidePassword(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "•••"
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

func address(a string) error {
	host, port, err := net.SplitHostPort(a)
	if err != nil || port == "" {
		return fmt.Errorf("%q is no address; want host:port, as 127.0.0.1:8080", a)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("%q is no port", port)
	}
	_ = host // any name or address the system knows
	return nil
}

func webURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("%q is no web address; want https://host", raw)
	}
	return u, nil
}

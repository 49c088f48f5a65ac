package config

import (
	"errors"
	"fmt"
	"net"
)

// SignIn says how members prove who they are beside a password.
type SignIn struct {
	OIDCIssuer       string `name:"oidc-issuer" env:"MIRABILIA_OIDC_ISSUER" placeholder:"URL" help:"OpenID provider that members may sign in with; off by default."`
	OIDCClientID     string `name:"oidc-client-id" env:"MIRABILIA_OIDC_CLIENT_ID" placeholder:"ID" help:"The atlas's name at that provider."`
	OIDCClientSecret string `name:"oidc-client-secret" env:"MIRABILIA_OIDC_CLIENT_SECRET" placeholder:"SECRET" help:"The atlas's secret at that provider."`
}

// validate names the first value that cannot be used.
func (s *SignIn) validate() error {
	if s.OIDCIssuer == "" {
		if s.OIDCClientID != "" || s.OIDCClientSecret != "" {
			return errors.New("MIRABILIA_OIDC_ISSUER: name the provider, or leave MIRABILIA_OIDC_CLIENT_ID and MIRABILIA_OIDC_CLIENT_SECRET empty")
		}
		return nil
	}
	u, err := webURL(s.OIDCIssuer)
	if err != nil {
		return fmt.Errorf("MIRABILIA_OIDC_ISSUER: %w", err)
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme != "https" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("MIRABILIA_OIDC_ISSUER: want https://; only a provider on this machine may do without")
	}
	if s.OIDCClientID == "" {
		return errors.New("MIRABILIA_OIDC_CLIENT_ID: the provider gives one when the atlas is registered there")
	}
	return nil
}

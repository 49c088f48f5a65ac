package factor

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Provider is the operator's OpenID provider (MIRABILIA_OIDC_…).
type Provider struct {
	Issuer, ClientID, ClientSecret string
	Redirect                       string // our address that it sends people back to
	factors                        *Factors
	client                         *http.Client
	mu                             sync.Mutex
	found                          *oidc.Provider
	failed                         time.Time
	iss                            bool // it promises to name itself in its answers (RFC 9207)
}

// Claims is what a provider says of somebody, checked.
type Claims struct {
	Issuer, Subject string
	Email           string
	Verified        bool // the provider vouches for the address
	Name            string
}

// NewProvider makes a provider; it is asked for its own description when it is
// first used, so that one which is down does not stop the atlas.
func (f *Factors) NewProvider(issuer, id, secret, redirect string) *Provider {
	return &Provider{Issuer: issuer, ClientID: id, ClientSecret: secret, Redirect: redirect, factors: f,
		client: &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Host is how the provider is called where members read of it.
func (p *Provider) Host() string {
	if u, err := url.Parse(p.Issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return p.Issuer
}

const (
	providerFlow = "provider"
	// pauseAfter a failed look at the provider's description.
	pauseAfter = 10 * time.Second
)

// algorithms that a token may be signed with: with the provider's keys, never
// with our own secret, never not at all.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// under way is what the answer of the provider is held against.
type underWay struct {
	State, Nonce, Verifier string
	Next                   string
	Member                 int64 // who is signed in and joins, 0 for signing in
}

// Begin gives the provider's address to send somebody to, and the secret of the
// flow, which stays in the browser's cookie. member is who joins the identity
// to himself, 0 for who signs in; next is where he goes afterwards.
func (p *Provider) Begin(ctx context.Context, member int64, next string) (address, flow string, err error) {
	config, _, err := p.config(ctx)
	if err != nil {
		return "", "", err
	}
	w := underWay{Next: next, Member: member, Verifier: oauth2.GenerateVerifier()}
	for _, into := range []*string{&w.State, &w.Nonce} {
		b, err := p.factors.random(32)
		if err != nil {
			return "", "", err
		}
		*into = base64.RawURLEncoding.EncodeToString(b)
	}
	err = p.factors.db.Write(ctx, func(tx *db.Tx) error {
		flow, err = p.factors.begin(tx, providerFlow, member, w)
		return err
	})
	if err != nil {
		return "", "", err
	}
	return config.AuthCodeURL(w.State, oidc.Nonce(w.Nonce), oauth2.S256ChallengeOption(w.Verifier)), flow, nil
}

// End takes the provider's answer to this browser. Every doubt is a no: the
// state must be this flow's, the token signed by the provider, for us, now, for
// this question. It gives what was asked for at Begin.
func (p *Provider) End(ctx context.Context, flow string, answer url.Values) (c Claims, member int64, next string, err error) {
	var w underWay
	err = p.factors.db.Write(ctx, func(tx *db.Tx) error {
		member, err = end(tx, providerFlow, flow, &w)
		return err
	})
	if err != nil {
		return c, 0, "", err
	}
	no := func(cause error, text string) (Claims, int64, string, error) {
		return Claims{}, 0, "", errs.Wrap(cause, errs.Denied, "%s", text)
	}
	config, provider, err := p.config(ctx)
	if err != nil {
		return c, 0, "", err
	}
	if subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(w.State)) != 1 {
		return no(nil, "The answer belongs to another sign-in. Begin again.")
	}
	if iss := answer.Get("iss"); iss != p.Issuer && (iss != "" || p.iss) {
		return no(nil, "The answer comes from another provider. Begin again.")
	}
	if answer.Get("error") != "" || answer.Get("code") == "" {
		return no(nil, "The provider did not sign you in. Try again, or sign in another way.")
	}
	const broken = "The provider's answer could not be checked. Try again, or sign in another way."
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(w.Verifier))
	if err != nil {
		return no(err, broken)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, Now: p.factors.db.Now}).Verify(ctx, raw)
	if err != nil {
		return no(err, broken)
	}
	var more struct {
		Party    string `json:"azp"`
		Email    string `json:"email"`
		Verified any    `json:"email_verified"`
		Name     string `json:"name"`
	}
	if err := id.Claims(&more); err != nil {
		return no(err, broken)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(w.Nonce)) != 1 || id.Subject == "" ||
		more.Party != "" && more.Party != p.ClientID || len(id.Audience) > 1 && more.Party == "" || id.IssuedAt.After(p.factors.db.Now().Add(time.Minute)) {
		return no(nil, broken)
	}
	c = Claims{Issuer: id.Issuer, Subject: id.Subject, Email: more.Email, Verified: vouched(more.Verified), Name: more.Name}
	if c.Email == "" && provider.UserInfoEndpoint() != "" {
		if err := tell(ctx, provider, token, &c); err != nil {
			return no(err, broken)
		}
	}
	return c, member, w.Next, nil
}

// vouched reports whether a provider says that an address is its user's: a word
// such as "true" is no promise, only the boolean is.
func vouched(claim any) bool {
	verified, _ := claim.(bool)
	return verified
}

// tell asks the provider for what many leave out of the token: OpenID Connect
// Core, 5.4, has the address and the name there. What is told of somebody else
// is refused, as 5.3.2 demands.
func tell(ctx context.Context, provider *oidc.Provider, token *oauth2.Token, c *Claims) error {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return err
	}
	var more struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"`
		Name     string `json:"name"`
	}
	if err := info.Claims(&more); err != nil {
		return err
	}
	if info.Subject != c.Subject {
		return errors.New("factor: the provider tells of somebody else")
	}
	c.Email, c.Verified = more.Email, vouched(more.Verified)
	if c.Name == "" {
		c.Name = more.Name
	}
	return nil
}

// config asks the provider for its description once, and not again right after
// a failure.
func (p *Provider) config(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		now := p.factors.db.Now()
		err := errs.New(errs.Unavailable, "The provider cannot be reached at the moment. Sign in another way, or try again in a minute.")
		if now.Sub(p.failed) < pauseAfter && !now.Before(p.failed) {
			return nil, nil, err
		}
		// The keys are fetched long after this request has ended.
		found, cause := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
		if cause != nil {
			p.failed, err.Cause = now, cause
			return nil, nil, err
		}
		var more struct {
			Iss     bool     `json:"authorization_response_iss_parameter_supported"`
			Methods []string `json:"code_challenge_methods_supported"`
		}
		if cause := found.Claims(&more); cause != nil || len(more.Methods) > 0 && !slices.Contains(more.Methods, "S256") {
			p.failed, err.Cause = now, cause
			return nil, nil, err
		}
		p.found, p.iss = found, more.Iss
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, RedirectURL: p.Redirect, Endpoint: p.found.Endpoint(),
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}, p.found, nil
}

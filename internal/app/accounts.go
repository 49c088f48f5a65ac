package app

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/config"
	"mirabilia/internal/user"
)

// AddMember makes an account from the command line; a new atlas is made where
// there is none.
func AddMember(ctx context.Context, c config.Storage, n user.Account) (*user.Member, error) {
	d, err := openAtlas(ctx, c, true)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return user.New(d).Add(ctx, actor.Actor{}, n)
}

// AddToken makes a token for the member with an address and gives its secret.
func AddToken(ctx context.Context, c config.Storage, email string, t user.Token) (string, error) {
	d, err := openAtlas(ctx, c, false)
	if err != nil {
		return "", err
	}
	defer d.Close()
	users := user.New(d)
	m, err := users.ByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	t.Member = m.ID
	return users.AddToken(ctx, actor.Actor{}, t)
}

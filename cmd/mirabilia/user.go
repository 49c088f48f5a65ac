package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/app"
	"mirabilia/internal/config"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Make an account whose address counts as verified."`
}

type userAddCmd struct {
	config.Storage
	Email         string `required:"" placeholder:"ADDRESS" help:"Mail address, by which one signs in."`
	Name          string `required:"" help:"Name as pages show it."`
	Role          string `default:"member" enum:"member,editor,admin" help:"What the account may: ${enum}."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input; without it, sign in by mail."`
}

// Run makes the account and prints where its page is.
func (c *userAddCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	n := user.Account{Email: c.Email, Name: c.Name, Role: actor.Role(c.Role), Verified: true}
	if c.PasswordStdin {
		var err error
		if n.Password, err = readPassword(s.in); err != nil {
			return err
		}
		var e *errs.Error
		if err := user.CheckPassword(n.Password, c.Email, c.Name); errors.As(err, &e) {
			fmt.Fprintln(s.err, "mirabilia: warning:", e.Message)
		}
	}
	m, err := app.AddMember(ctx, c.Storage, n)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is %s, at %s\n", m.Email, m.Role, m.Path())
	return nil
}

// readPassword reads one line.
func readPassword(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, user.MaxPassword+3)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if line == "" {
		return "", errs.New(errs.Invalid, "no password on standard input; write it as its first line")
	}
	return line, nil
}

type tokenCmd struct {
	Add tokenAddCmd `cmd:"" help:"Make a token of the API and print it alone; it cannot be shown again."`
}

type tokenAddCmd struct {
	config.Storage
	Email string         `required:"" placeholder:"ADDRESS" help:"Whose token it will be."`
	Scope string         `required:"" enum:"read,contribute,edit,admin" help:"What it may: ${enum}."`
	Name  string         `default:"command line" help:"What it is for, as its owner sees it."`
	For   *time.Duration `placeholder:"TIME" help:"How long it is good, as 720h; for ever by default."`
}

// Run prints the token.
func (c *tokenAddCmd) Run(ctx context.Context, s streams) error {
	if err := c.Validate(); err != nil {
		return err
	}
	t := user.Token{Name: c.Name, Scope: actor.Scope(c.Scope)}
	if c.For != nil {
		if t.Lasts = *c.For; t.Lasts <= 0 {
			return errs.New(errs.Invalid, "--for: want a length of time, as 720h")
		}
	}
	secret, err := app.AddToken(ctx, c.Storage, c.Email, t)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, secret)
	return nil
}

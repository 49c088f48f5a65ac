package app

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// demoLogins is the file that tells how to sign in to the demo, for its owner
// alone; the database knows only hashes.
const demoLogins = "demo-logins.txt"

// demoMembers are who one can be in the demo.
var demoMembers = []user.Account{
	{Email: "editor@demo.example", Name: "Demo Editor", Role: actor.Editor, Verified: true},
	{Email: "admin@demo.example", Name: "Demo Admin", Role: actor.Admin, Verified: true},
}

// peopleDemo makes the demo's members where they are not there yet, each with a
// password of this installation's own.
func (a *App) peopleDemo(ctx context.Context) error {
	var lines []string
	for _, n := range demoMembers {
		_, err := a.users.ByEmail(ctx, n.Email)
		if err == nil {
			continue
		}
		if !errs.Is(err, errs.NotFound) {
			return err
		}
		n.Password = demoPassword()
		if _, err := a.users.Add(ctx, actor.Actor{}, n); err != nil {
			return err
		}
		lines = append(lines, "Sign in as "+string(n.Role)+": "+n.Email+" with the password "+n.Password)
	}
	if len(lines) > 0 {
		if err := os.WriteFile(filepath.Join(a.config.Data, demoLogins), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			return err
		}
	}
	if host, _, err := net.SplitHostPort(a.config.Listen); err == nil && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		a.log.Warn("the demo's editor and admin can be signed in to from other machines; ban them before you open this atlas to others")
	}
	return nil
}

// demoPassword is 80 bits that can be typed.
func demoPassword() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	s := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// DemoLogins tells how to sign in to the demo; "" where there is none.
func (a *App) DemoLogins() string {
	if !a.options.Demo {
		return ""
	}
	text, err := os.ReadFile(filepath.Join(a.config.Data, demoLogins))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.log.Warn("the demo's logins cannot be read", "error", err)
	}
	return string(text)
}

package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

// person is a member of the atlas that is measured.
type person struct {
	id            int64
	cookie, token string
	name          string // in addresses
}

// peopleCommand makes members in an atlas and prints of each a line: the secret
// of a session, a token of the API and the name in addresses, tabs between them.
func peopleCommand(args []string) error {
	set := flag.NewFlagSet("people", flag.ExitOnError)
	role := set.String("role", string(actor.Member), "what they may")
	n := set.Int("n", 8, "how many")
	database := set.String("database", "", "PostgreSQL; SQLite in FOLDER without it")
	_ = set.Parse(args)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: *database, Dir: set.Arg(0)})
	if err != nil {
		return err
	}
	defer d.Close()
	list, err := people(ctx, d, actor.Role(*role), *n)
	for _, p := range list {
		fmt.Printf("%s\t%s\t%s\n", p.cookie, p.token, p.name)
	}
	return err
}

func people(ctx context.Context, d *db.DB, role actor.Role, n int) (list []person, err error) {
	users, scope := user.New(d), actor.Contribute
	if role.AtLeast(actor.Editor) {
		scope = actor.Edit
	}
	for range n {
		name := fmt.Sprintf("%s %d", role, d.NewID())
		m, err := users.Add(ctx, actor.Actor{}, user.Account{Email: strings.ReplaceAll(name, " ", ".") + "@example.org", Name: name, Role: role, Verified: true})
		if err != nil {
			return nil, err
		}
		p := person{id: m.ID, name: m.Name}
		if p.cookie, err = users.Open(ctx, m, user.Door{Agent: "bench", Network: "127.0.0.1"}, ""); err != nil {
			return nil, err
		}
		if p.token, err = users.AddToken(ctx, actor.Actor{}, user.Token{Member: m.ID, Name: "bench", Scope: scope}); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// readPeople reads what peopleCommand printed.
func readPeople(folder, name string) (list []person, err error) {
	all, err := lines(folder, name)
	for _, l := range all {
		p := strings.SplitN(l+"\t\t", "\t", 4)
		list = append(list, person{cookie: p[0], token: p[1], name: p[2]})
	}
	return list, err
}

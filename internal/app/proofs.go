package app

import (
	"context"
	"io"
	"strconv"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/factor"
	"mirabilia/internal/job"
	"mirabilia/internal/list"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/mark"
	"mirabilia/internal/matter"
	"mirabilia/internal/personal"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/portrait"
)

// proofs joins what members prove themselves with, and what is their own.
func (a *App) proofs(key []byte) (err error) {
	if a.factors, err = factor.New(a.db, key, a.config.URL, a.atlasName); err != nil {
		return err
	}
	a.factors.WithTell(a.users.Tell)
	if a.config.OIDCIssuer != "" {
		a.provider = a.factors.NewProvider(a.config.OIDCIssuer, a.config.OIDCClientID, a.config.OIDCClientSecret, a.config.URL+"/login/provider/return")
	}
	a.own = personal.New(a.db, personal.Deps{
		Settle: a.marks.Settle,
		Files:  a.filesOf,
		Leave:  []func(*db.Tx, int64) error{matter.Leave, mark.Leave, list.Leave, photo.Leave, portrait.Leave},
		Farewell: func(tx *db.Tx, email, shown string) error {
			if email == "" {
				return nil
			}
			return mail.Enqueue(tx, letters.Farewell(a.letterhead(tx.Context()), email, shown))
		},
		Recredit: func(ctx context.Context, path, name string) error {
			return a.places.Recredit(ctx, path, place.Credit{Name: name})
		},
	})
	job.Work(a.jobs, a.own.Work, job.Limits{Together: 1, Time: 10 * time.Minute})
	return nil
}

// filesOf gives the photos that a member has sent, as they were sent, and their
// own picture.
func (a *App) filesOf(ctx context.Context, member int64) ([]personal.File, error) {
	originals, err := a.photos.Originals(ctx, member)
	list := make([]personal.File, len(originals))
	for i, o := range originals {
		list[i] = personal.File{Name: strconv.FormatInt(o.ID, 10) + "." + o.Format, Open: func(ctx context.Context) (io.ReadCloser, error) {
			in, _, err := a.blobs.Open(ctx, o.File)
			return in, err
		}}
	}
	if err != nil {
		return nil, err
	}
	own, err := a.portraits.Own(ctx, member)
	if err != nil || own == nil {
		return list, err
	}
	if err := own.Close(); err != nil {
		return nil, err
	}
	return append(list, personal.File{Name: "portrait.jpg", Open: func(ctx context.Context) (io.ReadCloser, error) { return a.portraits.Own(ctx, member) }}), nil
}

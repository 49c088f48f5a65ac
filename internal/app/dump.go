package app

import (
	"context"
	"path/filepath"
	"time"

	"mirabilia/internal/config"
	"mirabilia/internal/dump"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

const (
	// dumpHour is when the night's dump is made, in the operator's time zone.
	dumpHour = 3
	// dumpLook is how often the clock is looked at: a machine may sleep, and a
	// clock may be set.
	dumpLook = time.Minute
	// dumpAgain is the wait after a dump that failed.
	dumpAgain = time.Hour
	// dumpAtOnce is up to how many documents a new atlas makes its first dump
	// without waiting for the night: so many take a second.
	dumpAtOnce = 20_000
)

func dumpFolder(data string) string { return filepath.Join(data, "dumps") }

// dumpNightly makes a dump each night until the context ends, and one at once
// for a small atlas that has none.
func (a *App) dumpNightly(ctx context.Context) {
	begun := a.options.Now()
	for ctx.Err() == nil {
		pause := dumpLook
		if a.dumpDue(begun) {
			if err := a.makeDump(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("the dump could not be made, trying again in an hour", "error", err)
				pause = dumpAgain
			}
			giveBack() // what packs files is large
		}
		wait(ctx, pause)
	}
}

// dumpDue tells whether a dump is to be made now. begun is when this run began.
func (a *App) dumpDue(begun time.Time) bool {
	set, err := a.dumps.Latest()
	switch {
	case errs.Is(err, errs.NotFound) && a.finder.Len() <= dumpAtOnce:
		return true
	case err != nil: // none, or one that cannot be read: the coming night replaces it
		set.Made = begun
	}
	return set.Made.Before(lastNight(a.options.Now(), a.config.Zone()))
}

// lastNight is the last time at or before now that a dump is planned for.
func lastNight(now time.Time, zone *time.Location) time.Time {
	t := now.In(zone)
	planned := time.Date(t.Year(), t.Month(), t.Day(), dumpHour, 0, 0, 0, zone)
	if planned.After(now) {
		planned = time.Date(t.Year(), t.Month(), t.Day()-1, dumpHour, 0, 0, 0, zone)
	}
	return planned
}

func (a *App) makeDump(ctx context.Context) error {
	settings, err := a.settings.Now(ctx)
	if err != nil {
		return err
	}
	start := a.options.Now()
	set, err := a.dumps.Make(ctx, a.places, dumpAtlas(settings, a.config.URL), start)
	if err == nil {
		a.log.Info("dump made", "places", set.Places, "took", a.options.Now().Sub(start).Round(time.Millisecond))
	}
	return err
}

func dumpAtlas(s setting.Settings, url string) dump.Atlas {
	return dump.Atlas{Name: s.Name, URL: url, Licence: s.Licence, LicenceURL: s.LicenceURL}
}

// Dump makes a dump now, beside a running server or without one, which gives
// it out from then on. url is the public address of the atlas.
func Dump(ctx context.Context, c config.Storage, url string) (dump.Set, error) {
	s, err := openStorage(ctx, c, false)
	if err != nil {
		return dump.Set{}, err
	}
	defer s.db.Close()
	settings, err := setting.Open(s.db).Now(ctx)
	if err != nil {
		return dump.Set{}, err
	}
	return dump.Open(dumpFolder(c.Data)).Make(ctx, s.places, dumpAtlas(settings, url), time.Now())
}

// Package setting holds what the operator decides in the atlas itself: its
// name, logo, colours, units, menus, popular destinations, licence. All of it is one typed
// value with good defaults, kept in the database as JSON and read everywhere
// from one place.
package setting

import (
	"context"
	"encoding/json"
	"sync"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// LogKind is the kind of settings in the log of changes; the id is always 1.
const LogKind = "setting"

// The units of distances.
const (
	Kilometres = "km"
	Miles      = "mi"
)

// Link is one entry of a menu.
type Link struct {
	Label string `json:"label"`
	Path  string `json:"path"` // a path of this atlas, or an http(s) address
}

// Menu is a titled group of links.
type Menu struct {
	Title string `json:"title"`
	Links []Link `json:"links"`
}

// Settings is everything the operator decides. The zero value is not usable:
// see Defaults.
type Settings struct {
	Name        string `json:"name"`
	Tagline     string `json:"tagline"`
	Description string `json:"description"` // for search engines and feeds
	Unit        string `json:"unit"`        // Kilometres or Miles
	Language    string `json:"language"`    // BCP 47, of the interface
	// Licence of the texts written here, an SPDX id, with its address.
	Licence    string `json:"licence"`
	LicenceURL string `json:"licence_url"`
	Copyright  string `json:"copyright"`
	// PopularDestinations are destination paths, offered where nothing else is.
	PopularDestinations []string `json:"popular_destinations"`
	Bar                 []Link   `json:"bar"`
	Footer              []Menu   `json:"footer"`
	Social              []Link   `json:"social"`
	Contact             string   `json:"contact"` // mail address of the operator
	Logo                Logo     `json:"logo"`
	Colours             Colours  `json:"colours"`
	Letter              Letter   `json:"letter"`
	// RequireFactor lets editors and admins act as such only after a second
	// factor or a passkey; else they are asked for one.
	RequireFactor bool `json:"require_factor"`
	// Contributing is how members' work is trusted.
	Contributing Contributing `json:"contributing"`
	// Confirming is how long what visitors found holds.
	Confirming Confirming `json:"confirming"`
}

// Defaults is a new atlas's settings.
func Defaults() Settings {
	return Settings{
		Name:         "Mirabilia",
		Tagline:      "An atlas of remarkable places",
		Description:  "Remarkable places all over the world, told and checked by the people who went there.",
		Unit:         Kilometres,
		Language:     "en",
		Licence:      "CC-BY-SA-4.0",
		Contributing: contributing(),
		Letter:       letter(),
		Confirming:   Confirming{HalfLife: 12, Fresh: 50, Ageing: 12},
		LicenceURL:   "https://creativecommons.org/licenses/by-sa/4.0/",
		PopularDestinations: []string{
			"france/ile-de-france/paris", "united-kingdom/england/london", "united-states/new-york/new-york-city", "mexico/mexico-city",
			"italy/lazio/rome", "germany/berlin", "united-states/california/los-angeles", "japan/tokyo",
		},
		Bar: []Link{
			{"Trips", "/trips"}, {"Places", "/places"}, {"Foods", "/foods"}, {"Stories", "/stories"}, {"Newsletters", "/newsletters"},
		},
		Footer: []Menu{
			{"Places", []Link{
				{"All places", "/places"}, {"Latest places", "/places?sort=newest"}, {"Most popular", "/places?sort=wanted"},
				{"Places to eat", "/places-to-eat"}, {"Random", "/random"}, {"Nearby", "/near"}, {"Along the way", "/along"}, {"Destinations", "/destinations"},
				{"Themes", "/tags"}, {"Add a place", "/places/new"},
			}},
			{"Stories", []Link{
				{"All stories", "/stories"}, {"Food & drink", "/foods"}, {"Itineraries", "/itineraries"}, {"Lists", "/lists"},
				{"Video", "/videos"}, {"Podcast", "/podcast"}, {"Newsletters", "/newsletters"},
			}},
			{"Trips", []Link{
				{"All trips", "/trips"}, {"Family", "/trips?theme=family"}, {"Food & drink", "/trips?theme=food-drink"},
				{"History & culture", "/trips?theme=history-culture"}, {"Wildlife & nature", "/trips?theme=wildlife-nature"},
			}},
			{"Community", []Link{
				{"Membership", "/membership"}, {"Gifts", "/gifts"}, {"Feedback & ideas", "/feedback"}, {"Community guidelines", "/guidelines"},
				{"FAQ", "/faq"}, {"Product blog", "/blog"},
			}},
			{"About", []Link{
				{"About", "/about"}, {"Work with us", "/jobs"}, {"Advertise", "/advertise"}, {"Advertising guidelines", "/advertising-guidelines"},
				{"Privacy", "/privacy"}, {"Cookies", "/cookies"}, {"Terms", "/terms"}, {"Data and API", "/api"}, {"Get the app", "/app"},
			}},
		},
	}
}

// Check says in which fields a value cannot be.
func (s Settings) Check() error {
	faults := s.aboutFaults()
	for _, more := range [][]errs.Field{s.menuFaults(), s.Colours.faults(), s.Letter.faults(), s.Logo.faults()} {
		faults = append(faults, more...)
	}
	if err := refusal(faults); err != nil {
		return err
	}
	if err := s.Confirming.check(); err != nil {
		return err
	}
	return s.Contributing.check()
}

// Book keeps the settings at hand. Safe for concurrent use.
type Book struct {
	db *db.DB
	mu sync.RWMutex
	at *Settings
}

// Open makes a Book; it reads the database when first asked.
func Open(d *db.DB) *Book { return &Book{db: d} }

const name = "atlas"

// Now is the present settings, without asking the database but the first time.
func (b *Book) Now(ctx context.Context) (Settings, error) {
	at, err := b.Present(ctx)
	if err != nil {
		return Settings{}, err
	}
	return *at, nil
}

// Present is Now without a copy: the settings behind the pointer never change,
// and as long as it is the same one nobody has set anything.
func (b *Book) Present(ctx context.Context) (*Settings, error) {
	b.mu.RLock()
	at := b.at
	b.mu.RUnlock()
	if at != nil {
		return at, nil
	}
	s, err := b.Refresh(ctx)
	return &s, err
}

// Refresh reads the settings anew; the follower of the log calls it when it
// meets LogKind.
func (b *Book) Refresh(ctx context.Context) (Settings, error) {
	var s Settings
	err := b.db.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = In(tx)
		return err
	})
	if err != nil {
		return s, err
	}
	b.mu.Lock()
	b.at = &s
	b.mu.Unlock()
	return s, nil
}

// In reads the settings within a transaction, for what must go by those of the
// very moment.
func In(tx *db.Tx) (Settings, error) {
	s := Defaults()
	var value string
	err := tx.QueryRow(`SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	switch {
	case errs.Is(err, errs.NotFound):
		return s, nil
	case err != nil:
		return s, err
	}
	// What an older program did not know keeps its default.
	if err := json.Unmarshal([]byte(value), &s); err != nil {
		return Defaults(), errs.Wrap(err, errs.Internal, "the settings in the database are damaged")
	}
	return s, nil
}

// updateTries bounds how often Update gives way to another.
const updateTries = 50

// Update is Change by what refuses nothing.
func (b *Book) Update(ctx context.Context, fn func(*Settings), then ...func(*db.Tx) error) error {
	return b.Change(ctx, func(s *Settings) error { fn(s); return nil }, then...)
}

// Change changes the settings by fn, which runs again on the newer settings
// when somebody else changed them meanwhile, and whose error ends it. What is
// then done in the same transaction comes after it: a line in the audit log.
func (b *Book) Change(ctx context.Context, fn func(*Settings) error, then ...func(*db.Tx) error) error {
	for try := 1; ; try++ {
		var refused error
		err := b.db.Write(ctx, func(tx *db.Tx) error {
			refused = nil
			if err := change(tx, func(s *Settings) error { refused = fn(s); return refused }); err != nil {
				return err
			}
			for _, fn := range then {
				if err := fn(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			_, err = b.Refresh(ctx)
			return err
		}
		if try == updateTries || refused != nil || !errs.Is(err, errs.Conflict) {
			return err
		}
	}
}

// LogoIn is the logo as it stands, and stays until the transaction ends.
func LogoIn(tx *db.Tx) (Logo, error) {
	if _, err := tx.Exec(`UPDATE settings SET updated_at = updated_at WHERE name = $1`, name); err != nil {
		return Logo{}, err
	}
	var text string
	err := tx.QueryRow(`SELECT value FROM settings WHERE name = $1`, name).Scan(&text)
	if errs.Is(err, errs.NotFound) {
		return Logo{}, nil
	}
	s := Defaults()
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	return s.Logo, err
}

func change(tx *db.Tx, fn func(*Settings) error) error {
	s := Defaults()
	var old string
	err := tx.QueryRow(`SELECT value FROM settings WHERE name = $1`, name).Scan(&old)
	fresh := errs.Is(err, errs.NotFound)
	if err == nil {
		err = json.Unmarshal([]byte(old), &s)
	}
	if err != nil && !fresh {
		return err
	}
	if err := fn(&s); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	out, err := json.Marshal(s)
	if err != nil {
		return err
	}
	text, args := `UPDATE settings SET value = $2, updated_at = $3 WHERE name = $1 AND value = $4`, []any{name, string(out), tx.DB().Millis(), old}
	if fresh {
		text, args = `INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`, args[:3]
	}
	n, err := tx.Exec(text, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "somebody else changed the settings at the same time; try again")
	}
	changes.Append(tx, LogKind, 1, changes.Put)
	return nil
}

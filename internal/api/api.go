// Package api is the JSON API, version 1, and its OpenAPI description. Its
// operations read the same queries as the pages, ask the same use cases, and
// give the forms of package outward.
package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/outward"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/profile"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// Deps is what the API stands on; all fields are needed.
type Deps struct {
	DB           *db.DB // the log of changes
	Places       *place.Places
	Tags         *tag.Tags
	Destinations *destination.Destinations
	Finder       *finder.Finder
	Gazetteer    *gazetteer.Gazetteer
	// URL is the public address of the atlas, without a slash at the end.
	URL     string
	Version string
	Random  func() uint64
	Log     *slog.Logger
	// Users are the members, whose tokens calls may show.
	Users *user.Users
	// Photos takes photographs.
	Photos *photo.Photos
	// Published waits until this node shows what was committed before; nil does
	// not wait.
	Published func(ctx context.Context) error
	// Marks takes what members say of places for themselves.
	Marks *mark.Marks
	// Lists are those that members draw up.
	Lists *list.Lists
	// Desk takes submissions and decisions.
	Desk *desk.Desk
}

// API answers everything under Prefix. It is safe for concurrent use.
type API struct {
	Deps
	mux  *http.ServeMux
	huma huma.API
	spec []byte
	// items are places as lists give them, ready to be sent.
	items *place.Keep[outward.Item]
	paces paces
	turns turns
	// forms are the calls that take one, by their patterns.
	forms map[string]func(actor.Actor) error
	// node tells the calls that this program is at from those of one that ended.
	node string
	// profiles count what members gave.
	profiles *profile.Profiles
}

// New makes the API; it fails when a dependency is missing or the description
// cannot be written.
func New(d Deps) (*API, error) {
	if d.DB == nil || d.Places == nil || d.Tags == nil || d.Destinations == nil || d.Finder == nil || d.Gazetteer == nil || d.Random == nil || d.Log == nil || d.Users == nil || d.Photos == nil || d.Marks == nil || d.Desk == nil || d.Lists == nil {
		return nil, errors.New("api: a dependency is missing")
	}
	d.URL = strings.TrimRight(d.URL, "/")
	a := &API{Deps: d, mux: http.NewServeMux(), node: rand.Text(), profiles: profile.New(d.Places, d.Marks, d.Photos, d.Lists, nil)}
	var err error
	a.items, err = place.NewItems(d.Places, itemsKept, func(p *place.Place) (outward.Item, error) { return outward.ItemOf(p, d.URL) }, outward.Item.Weight)
	if err != nil {
		return nil, err
	}
	config := huma.DefaultConfig("Mirabilia", d.Version)
	config.Info.Description = "Everything public of this atlas, for programs, and what members may write, with a token. Lists have an items array and a next cursor; errors are problem details (RFC 9457)."
	config.Servers = []*huma.Server{{URL: d.URL + Prefix}}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Transformers = append(config.Transformers, ours)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{bearer: {Type: "http", Scheme: "bearer",
		Description: "A token made in the settings or by mirabilia token add. Its scopes, each with all that the one before it allows: read, contribute, edit, admin."}}
	config.CreateHooks = nil // no $schema links in answers: the description is one file
	a.huma = humago.NewWithPrefix(a.mux, Prefix, config)
	a.placeOperations()
	a.findOperations()
	a.treeOperations()
	a.changeOperations()
	a.alongOperation()
	a.memberOperations()
	a.markOperations()
	a.photoOperations()
	a.listOperations()
	a.submissionOperations()
	a.deskOperations()
	a.plainPaths()
	if a.spec, err = a.huma.OpenAPI().MarshalJSON(); err != nil {
		return nil, err
	}
	if err := a.welcome(); err != nil {
		return nil, err
	}
	a.mux.HandleFunc("GET "+Prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(a.spec)
	})
	return a, nil
}

// welcome answers at the root of the API, with a slash behind it or not, where all
// else is described.
func (a *API) welcome() error {
	answer, err := json.Marshal(struct {
		OpenAPI string `json:"openapi"`
		Page    string `json:"documentation"`
	}{a.URL + Prefix + "/openapi.json", a.URL + "/api"})
	if err != nil {
		return err
	}
	for _, path := range []string{Prefix, Prefix + "/{$}"} {
		a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		})
	}
	return nil
}

// plainPaths writes the paths of the description as OpenAPI wants them: the
// router's {path...}, the rest of an address, is {path} there.
func (a *API) plainPaths() {
	paths := a.huma.OpenAPI().Paths
	for _, op := range a.Operations() {
		if plain := strings.ReplaceAll(op.Path, "...}", "}"); plain != op.Path {
			paths[plain] = paths[op.Path]
			delete(paths, op.Path)
			op.Path = plain
		}
	}
}

// Operations names the operations and their paths, for those who describe or
// check them.
func (a *API) Operations() []*huma.Operation {
	var all []*huma.Operation
	for _, item := range a.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

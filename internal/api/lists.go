package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/list"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
)

func (a *API) listOperations() {
	huma.Register(a.huma, a.operation("listLists", "/lists", "Public lists, those changed last first", limitParam(), cursorParam()), read(a, a.listLists))

	read := a.operation("readList", "/lists/{id}", "One list with its places, by id or slug")
	read.Description = "Public lists are everybody's; a token also shows those that its member works on. The ETag is what PATCH wants as If-Match."
	huma.Register(a.huma, read, a.readList)

	add := a.writes(http.MethodPost, "/lists", "addList", "Draw up a list", actor.Contribute)
	huma.Register(a.huma, add, act(a, actor.Contribute, a.addList))

	change := a.writes(http.MethodPatch, "/lists/{id}", "changeList", "Change a list: what is left out stays as it is", actor.Contribute)
	change.Description += " Needs If-Match with the ETag that the list was read with: 428 without, 412 when the list has changed since. Editors of the list may change what is on it, its owner also who sees it."
	huma.Register(a.huma, change, act(a, actor.Contribute, a.changeList))

	remove := a.writes(http.MethodDelete, "/lists/{id}", "deleteList", "Delete a list of one's own, for good", actor.Contribute)
	huma.Register(a.huma, remove, act(a, actor.Contribute, a.deleteList))
}

// listFields is what is sent of a list.
type listFields struct {
	Title       *string      `json:"title,omitempty" doc:"At most 120 characters."`
	Intro       *string      `json:"intro,omitempty" doc:"Markdown; at most 4,000 characters."`
	Description *string      `json:"description,omitempty" doc:"Another name of intro."`
	Status      *string      `json:"status,omitempty" enum:"published,link,private" doc:"published: everyone sees it; link: whoever has its secret link; private: those who work on it."`
	Privacy     *string      `json:"privacy,omitempty" enum:"public,link,private" doc:"The same by the names of the form."`
	Entries     *[]sentEntry `json:"entries,omitempty" maxItems:"1000" nullable:"false" doc:"What is to stand on it, in this order."`
}

type sentEntry struct {
	Place string `json:"place" maxLength:"200" doc:"Id (p123) or slug."`
	Note  string `json:"note,omitempty" doc:"Markdown of links and emphasis; at most 1,000 characters."`
	Waits bool   `json:"waits,omitempty" doc:"Ignored: what is named here stands on the list."`
}

// listVersion is how the API writes that a list was read at a version; what
// stands behind the point is of the answer's bytes.
func listVersion(l *list.List) string { return `"` + strconv.FormatInt(l.Version, 10) + `"` }

// matched reads the version of an If-Match header; 0 is any.
func matched(header string) (int64, error) {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0, made(http.StatusPreconditionRequired, errs.Conflict, "Send If-Match with the ETag that the list was read with.", nil)
	}
	if header == "*" {
		return 0, nil
	}
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		number, _, _ := strings.Cut(tag, ".")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil && n > 0 {
			return n, nil
		}
	}
	return 0, changedMeanwhile("That is no ETag of this list. Read it again.")
}

func changedMeanwhile(text string) error {
	return made(http.StatusPreconditionFailed, errs.Conflict, text, nil)
}

// change reads what was sent of a list.
func (a *API) change(ctx context.Context, in listFields) (c list.Change, err error) {
	c.Title, c.Intro = in.Title, in.Intro
	if in.Description != nil {
		if in.Intro != nil && *in.Intro != *in.Description {
			return c, errs.InField("description", "is another text than intro; send one of them")
		}
		c.Intro = in.Description
	}
	if in.Privacy != nil {
		p := list.Privacy(*in.Privacy)
		c.Privacy = &p
	}
	if in.Status != nil {
		p := list.Privacy(*in.Status)
		if *in.Status == "published" {
			p = list.Public
		}
		if c.Privacy != nil && *c.Privacy != p {
			return c, errs.InField("status", "says another thing than privacy; send one of them")
		}
		c.Privacy = &p
	}
	if in.Entries == nil {
		return c, nil
	}
	entries := []list.Written{}
	for i, e := range *in.Entries {
		id, ok := place.ParseID(e.Place)
		if !ok {
			if id, err = a.placeID(ctx, "entries["+itoa(i)+"].place", e.Place); err != nil {
				return c, err
			}
		}
		entries = append(entries, list.Written{Place: id, Note: e.Note})
	}
	c.Entries = &entries
	return c, nil
}

func (a *API) listLists(ctx context.Context, v url.Values) (outward.ListCards, error) {
	q, err := query.ParsePart(v, defaultFound)
	if err != nil {
		return outward.ListCards{}, err
	}
	after, err := afterList(q.Cursor)
	if err != nil {
		return outward.ListCards{}, err
	}
	lists, err := a.Lists.Page(ctx, after, q.Limit+1)
	if err != nil {
		return outward.ListCards{}, err
	}
	out := outward.ListCards{Items: []outward.ListCard{}}
	if len(lists) > q.Limit {
		lists = lists[:q.Limit]
		last := lists[q.Limit-1]
		out.Next = outward.Cursor(strconv.FormatInt(db.Millis(last.Updated), 10) + "-" + strconv.FormatInt(last.ID, 10))
	}
	for _, l := range lists {
		out.Items = append(out.Items, outward.ListCardOf(l, a.URL))
	}
	return out, nil
}

func afterList(cursor string) (after list.After, err error) {
	if cursor == "" {
		return after, nil
	}
	updated, id, _ := strings.Cut(cursor, "-")
	var e1, e2 error
	after.Updated, e1 = strconv.ParseInt(updated, 10, 64)
	after.ID, e2 = strconv.ParseInt(id, 10, 64)
	if e1 != nil || e2 != nil || after.ID <= 0 || after.Updated < 0 {
		return after, query.BadCursor()
	}
	return after, nil
}

type oneList struct {
	ID string `path:"id" doc:"Id (l123) or slug." example:"l123"`
}

// shownList is an answer with a list.
type shownList struct {
	ETag     string `header:"ETag" doc:"What PATCH wants as If-Match."`
	Location string `header:"Location"`
	Body     outward.List
}

// theList finds a list that who asks may read.
func (a *API) theList(ctx context.Context, who actor.Actor, name string) (*list.List, []list.Entry, list.Role, error) {
	id, ok := outward.ParseListID(name)
	if !ok && !query.IsSlug(name) {
		return nil, nil, "", errs.New(errs.NotFound, "There is no such list.")
	}
	return a.Lists.Shown(ctx, who, id, name)
}

func (a *API) showList(ctx context.Context, who actor.Actor, name string) (*shownList, error) {
	l, entries, _, err := a.theList(ctx, who, name)
	if err != nil {
		return nil, err
	}
	var rows []*place.Place
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.Place
	}
	for part := range slices.Chunk(ids, 200) {
		some, err := a.Places.Whole(ctx, part)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	return &shownList{ETag: listVersion(l), Body: outward.ListOf(l, entries, rows, a.URL)}, nil
}

func (a *API) readList(ctx context.Context, in *oneList) (*shownList, error) {
	out, err := a.showList(ctx, whoAsks(ctx), in.ID)
	return out, a.problem(err)
}

func (a *API) addList(ctx context.Context, who actor.Actor, in *struct{ Body listFields }) (*shownList, error) {
	c, err := a.change(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	d := list.Details{Privacy: list.Private}
	if c.Title != nil {
		d.Title = *c.Title
	}
	if c.Intro != nil {
		d.Intro = *c.Intro
	}
	if c.Privacy != nil {
		d.Privacy = *c.Privacy
	}
	var entries []list.Written
	if c.Entries != nil {
		entries = *c.Entries
	}
	id, done := resumed(ctx)
	if !done {
		l, err := a.Lists.Make(ctx, who, d, entries...)
		if err != nil {
			return nil, err
		}
		id = l.ID
	}
	if err := a.published(ctx); err != nil {
		return nil, err
	}
	out, err := a.showList(ctx, who, outward.ListID(id))
	if out != nil {
		out.Location = a.URL + Prefix + "/lists/" + outward.ListID(id)
	}
	return out, err
}

func (a *API) changeList(ctx context.Context, who actor.Actor, in *struct {
	ID      string `path:"id" doc:"Id (l123) or slug." example:"l123"`
	IfMatch string `header:"If-Match" doc:"The ETag that the list was read with, or * for however it stands."`
	Body    listFields
}) (*shownList, error) {
	l, _, role, err := a.theList(ctx, who, in.ID)
	switch {
	case err != nil:
		return nil, err
	case role == list.Stranger:
		return nil, errs.New(errs.Denied, "Only those who work on the list may do that.")
	}
	version, err := matched(in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.change(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	err = a.Lists.Patch(ctx, who, l.Slug, version, c)
	if errs.Is(err, errs.Conflict) {
		return nil, changedMeanwhile("The list has changed meanwhile. Read it again, and send what you want then.")
	}
	if err == nil {
		err = a.published(ctx)
	}
	if err != nil {
		return nil, err
	}
	return a.showList(ctx, who, outward.ListID(l.ID))
}

func (a *API) deleteList(ctx context.Context, who actor.Actor, in *oneList) (*struct{}, error) {
	l, _, role, err := a.theList(ctx, who, in.ID)
	switch {
	case err != nil:
		return nil, err
	case role == list.Stranger:
		return nil, errs.New(errs.Denied, "Only the owner of the list may do that.")
	}
	if err := a.Lists.Delete(ctx, who, l.Slug); err != nil {
		return nil, err
	}
	return nil, a.published(ctx)
}

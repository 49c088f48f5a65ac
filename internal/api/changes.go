package api

import (
	"context"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/changes"
	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/tag"
)

func (a *API) changeOperations() {
	from, to := 0.0, float64(query.MaxSince)
	least, most := 1.0, float64(query.MaxChanges)
	huma.Register(a.huma, a.operation("listChanges", "/changes", "What has changed since a number of the log, oldest first",
		param("since", "The last sequence already seen, or the next of an earlier answer; 0 from the beginning.", &huma.Schema{Type: "integer", Minimum: &from, Maximum: &to}),
		param("cursor", "The next of an earlier answer, in place of since.", &huma.Schema{Type: "integer", Minimum: &from, Maximum: &to}),
		param("limit", "How many at most.", &huma.Schema{Type: "integer", Minimum: &least, Maximum: &most}),
	), read(a, a.listChanges))
}

// rounds is how many parts of the log one answer may look through: settings and
// things that are public no longer take no room in it.
const rounds = 10

func (a *API) listChanges(ctx context.Context, v url.Values) (outward.Changes, error) {
	q, err := query.ParseChanges(v)
	if err != nil {
		return outward.Changes{}, err
	}
	out := outward.Changes{Items: []outward.Change{}}
	at := q.Since
	for range rounds {
		room := q.Limit - len(out.Items)
		part, err := changes.Since(ctx, a.DB, at, room+1)
		if err != nil {
			return outward.Changes{}, err
		}
		more := len(part) > room
		part = part[:min(len(part), room)]
		items, err := a.Named(ctx, part)
		if err != nil {
			return outward.Changes{}, err
		}
		out.Items = append(out.Items, items...)
		if len(part) > 0 {
			at = part[len(part)-1].Seq
		}
		if !more {
			return out, nil
		}
		if len(out.Items) == q.Limit {
			break
		}
	}
	next := strconv.FormatInt(at, 10)
	out.Next = &next
	return out, nil
}

// Named gives the changes under the ids that programs know, without those that
// are ours alone. What came and is public no longer is told by its drop alone.
func (a *API) Named(ctx context.Context, part []changes.Change) ([]outward.Change, error) {
	var ids []int64
	for _, c := range part {
		if c.Kind == place.LogKind && c.Op == changes.Put {
			ids = append(ids, c.ID)
		}
	}
	public, err := a.Places.Published(ctx, ids)
	if err != nil {
		return nil, err
	}
	var items []outward.Change
	for _, c := range part {
		item := outward.Change{Seq: c.Seq, Kind: c.Kind, Op: c.Op}
		switch c.Kind {
		case place.LogKind:
			if c.Op == changes.Put && !public[c.ID] {
				continue
			}
			item.ID = place.PublicID(c.ID)
		case destination.Kind, tag.Kind:
			kind := finder.Destination
			if c.Kind == tag.Kind {
				kind = finder.Tag
			}
			card, ok := a.Finder.Doc(finder.Ref{Kind: kind, ID: c.ID})
			if !ok {
				continue // holds nothing public
			}
			item.ID, _ = outward.Name(card)
		default:
			continue // ours alone, as settings are
		}
		items = append(items, item)
	}
	return items, nil
}

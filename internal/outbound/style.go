package outbound

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// mapDocument is what a MapLibre style and the TileJSON it names say of where
// their files lie.
type mapDocument struct {
	Sources map[string]struct {
		URL   string   `json:"url"`
		Tiles []string `json:"tiles"`
	} `json:"sources"`
	Tiles  []string        `json:"tiles"`
	Glyphs string          `json:"glyphs"`
	Sprite json.RawMessage `json:"sprite"` // an address, or a list of {id, url}
}

// maxMapSources is how many documents of a style are asked for.
const maxMapSources = 16

// StyleOrigins lists the origins ("https://host") that a browser must reach to
// draw a MapLibre style: its own, and those of its tiles, faces and icons. With
// an error the list still holds what was found.
func StyleOrigins(ctx context.Context, style string) ([]string, error) {
	var out []string
	add := func(raw string) {
		// Placeholders are no part of an origin, but may stand in a host: "{s}.tiles.example".
		u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(raw))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return
		}
		if o := u.Scheme + "://" + u.Host; !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	add(style)
	client := newClient()
	defer client.CloseIdleConnections()
	doc, err := askMap(ctx, client, style)
	if err != nil {
		return out, err
	}
	var sources []string
	for _, s := range doc.Sources {
		for _, t := range s.Tiles {
			add(t)
		}
		if s.URL != "" {
			sources = append(sources, s.URL)
		}
	}
	add(doc.Glyphs)
	for _, s := range sprites(doc.Sprite) {
		add(s)
	}
	slices.Sort(sources)
	for _, s := range sources[:min(len(sources), maxMapSources)] {
		add(s)
		tiles, e := askMap(ctx, client, s)
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		for _, t := range tiles.Tiles {
			add(t)
		}
	}
	return out, err
}

func sprites(raw json.RawMessage) (out []string) {
	var one string
	var many []struct {
		URL string `json:"url"`
	}
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	if json.Unmarshal(raw, &many) == nil {
		for _, s := range many {
			out = append(out, s.URL)
		}
	}
	return out
}

func askMap(ctx context.Context, client *http.Client, address string) (d mapDocument, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return d, fmt.Errorf("map style: %q is no address", address)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return d, fmt.Errorf("map style: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return d, fmt.Errorf("map style: %s answers %d", address, resp.StatusCode)
	}
	const maxStyle = 4 << 20
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxStyle))
	if err != nil {
		return d, fmt.Errorf("map style: %s broke off", address)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("map style: %s is no JSON of a style", address)
	}
	return d, nil
}

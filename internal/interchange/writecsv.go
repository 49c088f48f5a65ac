package interchange

import (
	"bufio"
	"encoding/csv"
	"strconv"
	"strings"
)

// csvColumns are the columns of a table in their order; they carry the names of
// the import record, so that a table that was written can be read again.
var csvColumns = []string{
	"source", "id", "title", "slug", "subtitle", "body", "know_before_you_go", "lat", "lon", "location_tier", "tier_reason",
	"address", "country_code", "region", "city", "aliases", "lang", "tags", "website", "sources", "facts",
	"status", "status_date", "status_until", "status_source", "licence", "source_url", "image_url", "kind",
	"published_at", "updated_at", "extra",
}

type csvWriter struct {
	out  *bufio.Writer
	csv  *csv.Writer
	meta Meta
	any  bool
}

func newCSVWriter(out *bufio.Writer, meta Meta) *csvWriter {
	c := csv.NewWriter(out)
	c.UseCRLF = true // RFC 4180
	return &csvWriter{out: out, csv: c, meta: meta}
}

func (w *csvWriter) head() error {
	w.any = true
	columns := csvColumns
	if w.meta.Link != nil {
		columns = append(columns[:len(columns):len(columns)], "url")
	}
	return w.csv.Write(columns)
}

func (w *csvWriter) Write(r Record) error {
	if !w.any {
		if err := w.head(); err != nil {
			return err
		}
	}
	var lists [5]string
	for i, v := range []struct {
		empty bool
		value any
	}{
		{len(r.Sources) == 0, r.Sources},
		{len(r.Facts) == 0, r.Facts},
		{len(r.Extra) == 0, r.Extra},
	} {
		if v.empty {
			continue
		}
		raw, err := marshal(v.value)
		if err != nil {
			return err
		}
		lists[i] = string(raw)
	}
	var err error
	if lists[3], err = nameCell(r.Aliases); err != nil {
		return err
	}
	if lists[4], err = listCell(r.Tags); err != nil {
		return err
	}
	cells := []string{
		r.Source, r.ID, r.Title, r.Slug, r.Subtitle, r.Body, r.KnowBeforeYouGo, degrees(r.Lat), degrees(r.Lon), r.LocationTier, r.TierReason,
		r.Address, r.CountryCode, r.Region, r.City, lists[3], r.Lang, lists[4], r.Website, lists[0], lists[1],
		r.Status, r.StatusDate, r.StatusUntil, r.StatusSource, r.Licence, r.SourceURL, r.ImageURL, r.Kind,
		r.PublishedAt, r.UpdatedAt, lists[2],
	}
	if w.meta.Link != nil {
		cells = append(cells, w.meta.Link(r))
	}
	for i := range cells {
		if name := i; name != latColumn && name != lonColumn {
			cells[i] = guard(cells[i])
		}
	}
	return w.csv.Write(cells)
}

const latColumn, lonColumn = 7, 8 // numbers that we format are left as they are

func (w *csvWriter) Close() error {
	if !w.any {
		if err := w.head(); err != nil {
			return err
		}
	}
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.out.Flush()
}

func degrees(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// listCell joins a list with |, or writes JSON where that would not come back.
func listCell(list []string) (string, error) {
	plain := true
	for _, s := range list {
		plain = plain && s != "" && s == strings.TrimSpace(s) && !strings.ContainsAny(s, "|;") && !strings.ContainsAny(s[:1], "[{")
	}
	if plain {
		return strings.Join(list, "|"), nil
	}
	raw, err := marshal(list)
	return string(raw), err
}

// nameCell is listCell of names; languages need JSON.
func nameCell(aliases []Alias) (string, error) {
	names := make([]string, len(aliases))
	for i, a := range aliases {
		if a.Lang != "" {
			raw, err := marshal(aliases)
			return string(raw), err
		}
		names[i] = a.Name
	}
	return listCell(names)
}

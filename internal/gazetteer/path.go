package gazetteer

import (
	"sort"
	"strconv"
	"strings"

	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/text"
)

func (g *Gazetteer) town(i int) table.Town {
	return table.ReadTown(g.towns[i*table.TownSize : (i+1)*table.TownSize])
}

// cityNode is the node of a town that is no section.
func (g *Gazetteer) cityNode(i int) *Node {
	if n := g.nodes[i].Load(); n != nil {
		return n
	}
	t := g.town(i)
	r := &g.regions[t.Region]
	n := &Node{
		Level: City, Name: g.book.First(i), CountryCode: g.countries[r.country].node.CountryCode,
		Population: t.Population, Lat: t.Lat, Lon: t.Lon,
	}
	if r.sameName == i {
		n.Path = r.node.Path
	} else {
		n.Path = g.parentPath(r) + "/" + citySlug(n.Name, t.Suffix)
	}
	if !g.nodes[i].CompareAndSwap(nil, n) {
		return g.nodes[i].Load() // another was first: one node for each town
	}
	return n
}

func (g *Gazetteer) parentPath(r *region) string {
	if r.node.Name == "" {
		return g.countries[r.country].node.Path
	}
	return r.node.Path
}

func citySlug(name string, suffix uint8) string {
	if suffix == 0 {
		return text.Slug(name)
	}
	return text.Slug(name) + "-" + strconv.Itoa(int(suffix))
}

// ByPath finds a country, region or city by its destination path.
func (g *Gazetteer) ByPath(path string) (*Node, bool) {
	first, rest, deeper := strings.Cut(path, "/")
	c := g.countryBySlug(first)
	if c == nil {
		return nil, false
	}
	if !deeper {
		return &c.node, true
	}
	second, third, deeper := strings.Cut(rest, "/")
	for i := c.first; i < c.last; i++ {
		r := &g.regions[i]
		if r.node.Name == "" {
			if !deeper {
				if n := g.cityBySlug(r, second); n != nil {
					return n, true
				}
			}
			continue
		}
		if r.node.Path[len(first)+1:] != second {
			continue
		}
		if deeper {
			n := g.cityBySlug(r, third)
			return n, n != nil
		}
		if r.sameName >= 0 {
			return g.cityNode(r.sameName), true
		}
		return &r.node, true
	}
	return nil, false
}

func (g *Gazetteer) countryBySlug(slug string) *country {
	for i := range g.countries {
		if g.countries[i].node.Path == slug {
			return &g.countries[i]
		}
	}
	return nil
}

// cityBySlug seeks among the region's cities: by slug, and by slug and suffix.
// The index of names leads there, for it holds the slugs too where they are
// not spelt as the names.
func (g *Gazetteer) cityBySlug(r *region, slug string) *Node {
	if n := g.cityBySlugAnd(r, slug, 0); n != nil {
		return n
	}
	at := strings.LastIndexByte(slug, '-')
	if at < 0 || slug[at+1:] == "" || slug[at+1] == '0' {
		return nil
	}
	suffix, err := strconv.ParseUint(slug[at+1:], 10, 8)
	if err != nil || suffix < 2 {
		return nil
	}
	return g.cityBySlugAnd(r, slug[:at], uint8(suffix))
}

func (g *Gazetteer) cityBySlugAnd(r *region, slug string, suffix uint8) (found *Node) {
	g.index.Find(strings.ReplaceAll(slug, "-", " "), func(v uint32) {
		i := int(v)
		if found != nil || i >= len(g.nodes) {
			return
		}
		t := g.town(i)
		if t.Section || t.Suffix != suffix || &g.regions[t.Region] != r || r.sameName == i {
			return
		}
		if n := g.cityNode(i); text.Slug(n.Name) == slug {
			found = n
		}
	})
	return found
}

// Ancestors lists the nodes from the country down to the path itself; nothing
// for an unknown path.
func (g *Gazetteer) Ancestors(path string) []*Node {
	var out []*Node
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		n, ok := g.ByPath(path[:i])
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// CountryByCode finds a country by its ISO 3166-1 alpha-2 code, in any case.
func (g *Gazetteer) CountryByCode(code string) (*Node, bool) {
	code = strings.ToUpper(code)
	i := sort.Search(len(g.countries), func(i int) bool { return g.countries[i].node.CountryCode >= code })
	if i == len(g.countries) || g.countries[i].node.CountryCode != code {
		return nil, false
	}
	return &g.countries[i].node, true
}

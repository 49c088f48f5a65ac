package gazetteer

// Name is a name of a node in a language.
type Name struct {
	Name string
	Lang string // of libgeonames-common ("de", "zh_CN"); "" for the name in use at the place
}

// Names lists the other names of a destination: the one in use there if it is
// not the English one, then other languages'. A name that several languages
// share stands once. Where a region and a city share the path it gives both
// their names.
func (g *Gazetteer) Names(path string) []Name {
	n, ok := g.ByPath(path)
	if !ok {
		return nil
	}
	var out []Name
	known := map[string]bool{n.Name: true}
	for _, i := range g.numbers(n) {
		for _, o := range g.book.Others(i) {
			if !known[o.Text] {
				known[o.Text] = true
				out = append(out, Name{Name: o.Text, Lang: o.Lang})
			}
		}
	}
	return out
}

// numbers are the numbers in the book of names of what a node stands for.
func (g *Gazetteer) numbers(n *Node) []int {
	var out []int
	switch n.Level {
	case Country:
		for i := range g.countries {
			if &g.countries[i].node == n {
				out = append(out, len(g.nodes)+len(g.regions)+i)
			}
		}
	case Region, City:
		g.eachNumber(n, func(i int) { out = append(out, i) })
	}
	return out
}

// eachNumber finds a region's or city's numbers by its English name.
func (g *Gazetteer) eachNumber(n *Node, visit func(i int)) {
	g.index.Find(keyOf(n.Name), func(v uint32) {
		i := int(v)
		switch {
		case i < len(g.nodes):
			if t := g.town(i); !t.Section && n.Level == City && g.cityNode(i) == n {
				visit(i)
			}
		case i < len(g.nodes)+len(g.regions):
			if g.regions[i-len(g.nodes)].node.Path == n.Path {
				visit(i)
			}
		}
	})
}

package personal

// Rule is a rule as tests see it. Others says that the words of such a row are
// another's, or stay for what the rule says.
type Rule struct {
	Table, Of string
	Others    bool
}

// Rules are all rules.
func Rules() (list []Rule) {
	for _, r := range rules {
		list = append(list, Rule{r.table, r.of, r.fate == kept || r.table == "takedowns" || r.of == "claimed_by" || r.of == "leased_by" || r.of == "used_by"})
	}
	return list
}

// Classed tells whether it is said what becomes of a table.
func Classed(table string) bool {
	for _, r := range rules {
		if r.table == table {
			return true
		}
	}
	return others[table] != ""
}

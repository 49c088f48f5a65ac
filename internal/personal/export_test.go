package personal

// Rule is a rule as tests see it.
type Rule struct{ Table, Of string }

// Rules are all rules.
func Rules() (list []Rule) {
	for _, r := range rules {
		list = append(list, Rule{r.table, r.of})
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

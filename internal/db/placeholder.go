package db

import "strings"

// questionMarks turns $1 into ?1: SQLite takes $1 for a name and would number
// names by their first appearance, silently wrong for "$2 … $1". Placeholders
// inside quotes are text and stay.
func questionMarks(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	b := []byte(text)
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '$' && i+1 < len(b) && b[i+1] >= '0' && b[i+1] <= '9':
			b[i] = '?'
		}
	}
	return string(b)
}

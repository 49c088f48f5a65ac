package text

import "strings"

// SafeHTML is HTML that may stand in a page as it is. Markdown is its only
// constructor.
type SafeHTML string

// MaxMarkdown is the most bytes of Markdown that are read; the rest is cut.
const MaxMarkdown = 200_000

// needsMarkdown reports whether src holds anything that Markdown would read as
// more than a paragraph of words.
func needsMarkdown(src string) bool {
	if strings.ContainsAny(src, "\\`*_[]<>#&!~|=\r") {
		return true
	}
	lineStart := true
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '\n':
			lineStart = true
			continue
		case lineStart && (c == ' ' || c == '\t' || c == '-' || c == '+' || c >= '0' && c <= '9'):
			return true
		}
		lineStart = false
	}
	return false
}

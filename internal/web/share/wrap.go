package share

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
)

// longest is the most of a title that is looked at, in bytes: four lines hold
// far less.
const longest = 300

// titleSizes are tried in turn until a title fits.
var titleSizes = []float64{64, 56, 48, 42, 36}

// titleLines is how many lines a title may take.
const titleLines = 4

// wrap breaks a title into lines of a width: the largest size at which it takes
// four lines at most and no word is broken; at the smallest, words are broken
// and what is left over ends in an ellipsis.
func (f face) wrap(b *sfnt.Buffer, title string, width float64) (lines []set, size float64) {
	words := strings.Fields(cut(title, longest))
	for _, size = range titleSizes {
		texts, whole := f.fill(b, words, size, width)
		last := size == titleSizes[len(titleSizes)-1]
		if !last && (!whole || len(texts) > titleLines) {
			continue
		}
		if len(texts) > titleLines {
			texts = texts[:titleLines]
			texts[titleLines-1] = f.shorten(b, texts[titleLines-1], size, width)
		}
		for _, t := range texts {
			lines = append(lines, f.lay(b, t, size))
		}
		return lines, size
	}
	return lines, size
}

// fill breaks words into lines; whole says that no word had to be broken.
func (f face) fill(b *sfnt.Buffer, words []string, size, width float64) (lines []string, whole bool) {
	whole = true
	line := ""
	for _, w := range words {
		longer := w
		if line != "" {
			longer = line + " " + w
		}
		if f.lay(b, longer, size).width <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = w
		for f.lay(b, line, size).width > width && len(lines) <= titleLines {
			head := f.fits(b, line, size, width)
			if strings.ContainsRune(head[:len(head)-1], '-') {
				head = head[:strings.LastIndexByte(head[:len(head)-1], '-')+1]
			} else {
				whole = false
			}
			lines = append(lines, head)
			line = line[len(head):]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, whole
}

// fits is the longest start of a word that fits, one character at least.
func (f face) fits(b *sfnt.Buffer, word string, size, width float64) string {
	_, end := utf8.DecodeRuneInString(word)
	for end < len(word) {
		_, n := utf8.DecodeRuneInString(word[end:])
		if f.lay(b, word[:end+n], size).width > width {
			break
		}
		end += n
	}
	return word[:end]
}

// shorten ends a line in an ellipsis that still fits.
func (f face) shorten(b *sfnt.Buffer, line string, size, width float64) string {
	for line != "" && f.lay(b, line+"…", size).width > width {
		_, n := utf8.DecodeLastRuneInString(line)
		line = strings.TrimRight(line[:len(line)-n], " ")
	}
	return line + "…"
}

// cut is the start of a text, no longer than so many bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return strings.ToValidUTF8(s, "")
	}
	return strings.ToValidUTF8(s[:n], "")
}

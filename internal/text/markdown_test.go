package text_test

import (
	"strings"
	"testing"

	"mirabilia/internal/text"
)

func TestMarkdown(t *testing.T) {
	const rel = ` rel="ugc nofollow noopener"`
	for in, want := range map[string]string{
		"":                                "",
		"Plain *and* **so**":              "<p>Plain <em>and</em> <strong>so</strong></p>",
		"## A\n\n#### B\n\n# C":           `<h2 id="user-content-a">A</h2> <h3 id="user-content-b">B</h3> <h2 id="user-content-c">C</h2>`,
		"# A\n\n# A":                      `<h2 id="user-content-a">A</h2> <h2 id="user-content-a-2">A</h2>`,
		"[a](/places/x)":                  `<p><a href="/places/x">a</a></p>`,
		"[a](https://x.example/?b=1&c=2)": `<p><a href="https://x.example/?b=1&amp;c=2"` + rel + `>a</a></p>`,
		"[a](//x.example)":                `<p><a href="https://x.example"` + rel + `>a</a></p>`,
		"www.x.example":                   `<p><a href="http://www.x.example"` + rel + `>www.x.example</a></p>`,
		"![An old *gate*](https://x.example/g.jpg)": `<p><a href="https://x.example/g.jpg"` + rel + `>An old <em>gate</em></a></p>`,
		"![](https://x.example/g.jpg)":              `<p><a href="https://x.example/g.jpg"` + rel + `>https://x.example/g.jpg</a></p>`,
		"[![gate](g.jpg)](https://x.example)":       `<p><a href="https://x.example"` + rel + `>gate</a></p>`,
		"[a](javascript:alert(1))":                  "<p>a</p>",
		"[a](java&#115;cript:x)":                    "<p>a</p>",
		"[a](#b)":                                   `<p><a href="#user-content-b">a</a></p>`,
		"<p>One</p><p>two <b>three</b><br>four</p>": "<p> One  two three<br> four </p>",
		"<script>x</script>":                        "<p>x</p>",
		"a < b & c":                                 "<p>a &lt; b &amp; c</p>",
		"| a | b |\n|---|:-:|\n| 1 | 2 |":           `<table> <thead> <tr> <th>a</th> <th align="center">b</th> </tr> </thead> <tbody> <tr> <td>1</td> <td align="center">2</td> </tr> </tbody> </table>`,
		"~~x~~":                                     "<p><del>x</del></p>",
		"3. a\n4. b":                                `<ol start="3"> <li>a</li> <li>b</li> </ol>`,
		"[map](geo:52.5,13.4)":                      `<p><a href="geo:52.5,13.4"` + rel + `>map</a></p>`,
	} {
		got := strings.TrimSpace(strings.ReplaceAll(string(text.Markdown(in)), "\n", " "))
		if got != want {
			t.Errorf("Markdown(%q)\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestMarkdownIsCut(t *testing.T) {
	got := text.Markdown(strings.Repeat("łąka ", 100_000))
	if len(got) > text.MaxMarkdown+100 {
		t.Errorf("%d bytes out", len(got))
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"  As it is.  ":     "As it is.",
		"Two\nlines":        "Two lines",
		"Two\n\nparagraphs": "Two\n\nparagraphs",
		"# Head\n\n*One* [link](https://x.example) and ![pic](p.png).": "Head\n\nOne link and pic.",
		"- a\n- b\n  - c\n\nend":          "a\nb\nc\n\nend",
		"> quoted\n\n    code *x*\n":      "quoted\n\ncode *x*",
		"a &amp; b &lt;i&gt; \\*c\\*":     "a & b <i> *c*",
		"`a  *b*`":                        "a  *b*",
		"<p>One</p><p>two<br>three</p>":   "One  two\nthree",
		"| a | b |\n|---|---|\n| 1 | 2 |": "a · b\n1 · 2",
		"1. one\n2. two":                  "one\ntwo",
		"see <https://x.example/>":        "see https://x.example/",
		"a\\\nb":                          "a\nb",
	} {
		if got := text.Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkMarkdown(b *testing.B) {
	src := "## Hours\n\n" + sixty + "\n\n" + sixty + " See [the site](https://x.example/) and *more*.\n\n" + sixty
	for b.Loop() {
		text.Markdown(src)
	}
}

func BenchmarkPlain(b *testing.B) {
	src := sixty + " See [the site](https://x.example/) and *more*."
	for b.Loop() {
		text.Plain(src)
	}
}

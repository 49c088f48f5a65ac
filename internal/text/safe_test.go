package text_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"

	"mirabilia/internal/text"
)

var allowedTags = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "em": nil, "strong": nil, "del": nil, "code": nil, "pre": nil, "blockquote": nil,
	"ul": nil, "ol": {"start"}, "li": nil, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
	"a": {"href", "title", "rel"}, "table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": {"align"}, "td": {"align"},
}

var idForm = regexp.MustCompile(`^user-content-[a-z0-9-]+$`)

// checkSafe reads what Markdown made as a browser would and fails on any
// element, attribute or scheme that is not allowed.
func checkSafe(t *testing.T, src string, got text.SafeHTML) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(string(got)), nil)
	if err != nil {
		t.Fatalf("%q: output does not parse: %v", src, err)
	}
	var visit func(n *html.Node, inLink bool)
	visit = func(n *html.Node, inLink bool) {
		if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
			t.Fatalf("%q: %q holds a comment or doctype", src, got)
		}
		if n.Type == html.ElementNode {
			checkElement(t, src, n, inLink)
			inLink = inLink || n.Data == "a"
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c, inLink)
		}
	}
	for _, n := range nodes {
		if n.Type == html.ElementNode && (n.Data == "html" || n.Data == "head" || n.Data == "body") {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Data == "body" {
					for b := c.FirstChild; b != nil; b = b.NextSibling {
						visit(b, false)
					}
				}
			}
			continue
		}
		visit(n, false)
	}
	if again := text.Clean(string(got)); again != string(got) {
		t.Fatalf("%q: output holds characters that no text may: %q", src, got)
	}
}

func checkElement(t *testing.T, src string, n *html.Node, inLink bool) {
	t.Helper()
	attrs, ok := allowedTags[n.Data]
	if !ok || inLink && n.Data == "a" {
		t.Fatalf("%q: element <%s> (in a link: %v)", src, n.Data, inLink)
	}
	rel := ""
	for _, a := range n.Attr {
		if a.Namespace != "" || !slices.Contains(attrs, a.Key) {
			t.Fatalf("%q: attribute %s=%q on <%s>", src, a.Key, a.Val, n.Data)
		}
		if a.Key == "id" && !idForm.MatchString(a.Val) {
			t.Fatalf("%q: id %q", src, a.Val)
		}
		if a.Key == "rel" {
			rel = a.Val
		}
	}
	for _, a := range n.Attr {
		if a.Key != "href" {
			continue
		}
		u, err := url.Parse(a.Val)
		if err != nil {
			t.Fatalf("%q: href %q: %v", src, a.Val, err)
		}
		local := u.Scheme == "" && u.Host == "" && (strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "#user-content-"))
		if !local && !slices.Contains([]string{"http", "https", "mailto", "geo"}, u.Scheme) {
			t.Fatalf("%q: href %q", src, a.Val)
		}
		if !local && rel != "ugc nofollow noopener" {
			t.Fatalf("%q: foreign link %q with rel %q", src, a.Val, rel)
		}
	}
}

// samePolicy is the test's own allow-list: passing it again must change nothing.
func samePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for tag, attrs := range allowedTags {
		p.AllowElements(tag)
		if len(attrs) > 0 {
			p.AllowAttrs(attrs...).OnElements(tag)
		}
	}
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "geo")
	return p
}

var seeds = []string{
	"<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](java&#115;cript:alert(1))", "[x](  JaVaScRiPt:alert(1))",
	"[x](\tjavascript:alert(1))", "<javascript:alert(1)>", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)",
	"![x](http://tracker.example/p.png)", "[![a](b.png)](https://example.org)", "![a [b](https://c.example)](https://d.example)",
	"[a](https://x.example \"\\\" onmouseover=alert(1)\")", "[a]: javascript:alert(1)\n\n[a]", "[a]: /places/x 'onerror=1'\n[a][]",
	"# <img src=x onerror=alert(1)>", "# location\n# location\n", "<a href=\"https://x\" onclick=x>y</a>", "a<br>b<br/>c", "<p>one</p><p>two</p>",
	"[a](//evil.example)", "[a](/\\evil.example)", "[a](https:evil)", "[a](https://user:pw@evil.example)", "[a](#top)", "[](https://x.example)",
	"http://x.example/<script> www.x.example me@x.example ftp://x.example/", "`code <b>`", "```html\n<script>\n```", "| a | b |\n|:--|--:|\n| 1 | `2|3` |",
	"&#0; &#1; &#x202e; &lt;script&gt; \\<b\\>", "~~gone~~ **bold *both* bold**", "<!-- c --> <![CDATA[x]]> <?php ?> <!DOCTYPE x>",
	"1. a\n1. b\n   - c\n\n     > d", "a\n===\nb\n---\nc", "[x](geo:52.5,13.4) [m](mailto:a@b.example)", "[x](https://e.example/?a=1&b=2&amp;c=3&copy=4)",
	"<https://example.org/a'b\"c>", "[a](<https://example.org/a b>)", "http://example.org/a&quot;b", "\u2028 \u202e \ufeff \x00 \xff",
	"[a](https://xn--80ak6aa92e.example) [b](https://пример.example/путь)", strings.Repeat("> ", 100) + "x", strings.Repeat("*a ", 60) + strings.Repeat("b* ", 60),
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	policy := samePolicy()
	f.Fuzz(func(t *testing.T, src string) {
		got := text.Markdown(src)
		checkSafe(t, src, got)
		if again := policy.Sanitize(string(got)); again != string(got) {
			t.Fatalf("%q: sanitised again:\n%q\n%q", src, got, again)
		}
		text.Plain(src)
	})
}

func TestMarkdownOnCorpora(t *testing.T) {
	policy := samePolicy()
	for _, src := range corpora(t) {
		got := text.Markdown(src)
		checkSafe(t, src, got)
		if again := policy.Sanitize(string(got)); again != string(got) {
			t.Errorf("%q: sanitised again:\n%q\n%q", src, got, again)
		}
	}
}

// corpora are the CommonMark cases and lists of script payloads kept beside
// the project, where they are; the seeds here always run.
func corpora(t *testing.T) []string {
	all := slices.Clone(seeds)
	dir := hostile(t)
	if dir == "" {
		return all
	}
	raw, err := os.ReadFile(filepath.Join(dir, "commonmark-0.31.2-tests.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Markdown string }
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		all = append(all, c.Markdown)
	}
	for _, name := range []string{"xss-payloads-odd.txt", "blns.txt", "invalid-utf8.txt"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(raw), "\n") {
			all = append(all, line, "[a]("+line+")", "[a](<"+line+"> \""+line+"\")", "# "+line, "![x]("+line+")", "<"+line+">")
		}
		all = append(all, string(raw))
	}
	return all
}

func hostile(t *testing.T) string {
	t.Helper()
	tries := []string{filepath.Join(os.Getenv("MIRABILIA_SHARED"), "data", "hostile")}
	for _, up := range []string{"../..", "../../..", "../../../.."} {
		tries = append(tries, filepath.Join(up, "shared", "data", "hostile"))
	}
	for _, dir := range tries {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return dir
		}
	}
	t.Log("shared data not here: only the project's own seeds run")
	return ""
}

// Some of these took the bare parser time with the square of their length: up
// to 400 times what ordinary prose of that length takes.
func TestMarkdownCostsLittle(t *testing.T) {
	n := text.MaxMarkdown / 2
	start := time.Now()
	prose := strings.Repeat("A *short* line of [prose](https://x.example) with `marks`.\n\n", n/62)
	text.Markdown(prose)
	text.Plain(prose)
	prosaic := max(time.Since(start), time.Millisecond)
	for name, src := range map[string]string{
		"quotes":     strings.Repeat(">", n),
		"quotes 2":   strings.Repeat("> ", n/2),
		"lists":      strings.Repeat("- ", n/2) + "x",
		"numbers":    strings.Repeat("1. ", n/3) + "x",
		"brackets":   strings.Repeat("[", n),
		"pairs":      strings.Repeat("[]", n/2),
		"links":      strings.Repeat("[a](", n/4),
		"images":     strings.Repeat("![", n/2),
		"stars":      strings.Repeat("*", n),
		"stars a":    strings.Repeat("*a ", n/3),
		"stars _":    strings.Repeat("*a_ ", n/4),
		"nested":     strings.Repeat("**", n/4) + "x" + strings.Repeat("**", n/4),
		"nested 2":   strings.Repeat("*a **b ", n/14) + strings.Repeat("b** a* ", n/14),
		"backticks":  backticks(n),
		"tags":       strings.Repeat("<a ", n/3),
		"comments":   strings.Repeat("<!--", n/4),
		"cdata":      strings.Repeat("<![CDATA[", n/9),
		"php":        strings.Repeat("<?", n/2),
		"entities":   strings.Repeat("&", n),
		"refs":       strings.Repeat("[a]: /b\n", n/8) + "[a]",
		"references": strings.Repeat("[a]", n/3),
		"table":      "|" + strings.Repeat("a|", n/4) + "\n|" + strings.Repeat("-|", n/4) + "\n",
		"rows":       strings.Repeat("a|b\n-|-\n", n/8),
		"wide":       "a|b|c|d|e|f|g|h\n-|-|-|-|-|-|-|-\n" + strings.Repeat("x\n", n/2-40),
		"tildes":     strings.Repeat("~~a ", n/4),
		"urls":       strings.Repeat("http://a.example", n/16),
		"mails":      strings.Repeat("a@", n/2),
		"headings":   strings.Repeat("# a\n", n/4),
		"indent":     indents(n),
		"backslash":  strings.Repeat("\\", n),
		"lines":      strings.Repeat("\n", n),
		"parens":     "[a](" + strings.Repeat("(", n),
		"breaks":     strings.Repeat("a  \n", n/4),
		"columns":    strings.Repeat("|", 1000) + "\n" + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("a\n", n/2-2000),
		"tables":     strings.Repeat(strings.Repeat("a|", 20)+"\n"+strings.Repeat("-|", 20)+"\n"+strings.Repeat("a\n", 40)+"\n", n/160),
		"good links": strings.Repeat("[a](b)", n/6),
		"in links":   strings.Repeat("[", n/4) + strings.Repeat("[a](/b)", n/14) + strings.Repeat("]", n/4),
		"in links 2": strings.Repeat("[", n/8) + strings.Repeat("[a](/b)", n/14) + strings.Repeat("](c)", n/8),
		"images 2":   strings.Repeat("![a](", n/10) + strings.Repeat(")", n/10),
		"titles":     strings.Repeat("[a](b '", n/7),
		"angles":     strings.Repeat("[a](<b", n/6),
		"quoted":     strings.Repeat("[a]: b \"\n", n/9),
		"setext":     strings.Repeat("a\n=\n", n/4),
		"mixed":      strings.Repeat("*a_ ~~b **c", n/11),
		"loose":      strings.Repeat("- a\n\n", n/5),
		"fences":     strings.Repeat("```\n", n/4),
		"lazy":       strings.Repeat("> a\nb\n", n/6),
		"dots":       strings.Repeat("www.", n/4),
		"at":         strings.Repeat("a.b-c_d@", n/8),
		"linkquote":  strings.Repeat("[a](b \"", n/7),
	} {
		start := time.Now()
		got := text.Markdown(src)
		text.Plain(src)
		if d := time.Since(start); d > 60*prosaic {
			t.Errorf("%s: %v for %d bytes, prose takes %v", name, d, len(src), prosaic)
		} else if testing.Verbose() {
			t.Logf("%s: %v, %d bytes out", name, d, len(got))
		}
	}
}

func backticks(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		b.WriteString(strings.Repeat("`", i) + " ")
	}
	return b.String()
}

func indents(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i += 2 {
		b.WriteString(strings.Repeat(" ", i) + "- a\n")
	}
	return b.String()
}

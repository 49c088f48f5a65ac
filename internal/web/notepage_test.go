package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A member leaves a line on an entry, an editor reads it beside the entry and
// takes it up, and the member finds where it stands.
func TestNote_fromThePageToTheDesk(t *testing.T) {
	h := newHouse(t)
	const page = "/places/casa-azul/note"
	h.has(h.get("/places/casa-azul"), http.StatusOK, `href="`+page+`"`)
	h.has(h.as("ines", page), http.StatusOK, "Casa Azul", "/places/casa-azul/mark#h-visit", "/places/casa-azul/edit")
	h.has(h.post("ines", page, url.Values{"text": {" "}}), http.StatusUnprocessableEntity, "Write one line", "The note was not left.")
	long := strings.Repeat("long ", 100)
	h.has(h.post("ines", page, url.Values{"text": {long}}), http.StatusUnprocessableEntity, "Write one line", strings.TrimSpace(long))
	sub, _, _ := strings.Cut(h.sends("ines", page, url.Values{"text": {"The <b>door</b> is in the yard."}}), "?")
	h.has(h.as("ines", sub), http.StatusOK, "Note, sent", "The &lt;b&gt;door&lt;/b&gt; is in the yard.", "Withdraw it")
	h.has(h.as("ines", "/drafts"), http.StatusOK, sub)
	h.has(h.as("tomasz", "/desk?kind=note"), http.StatusOK, "Note by ines")
	onDesk := strings.Replace(sub, "/submissions/", "/desk/", 1)
	w := h.as("tomasz", onDesk)
	h.has(w, http.StatusOK, "The &lt;b&gt;door&lt;/b&gt; is in the yard.", "Take it up", `href="/places/casa-azul/edit"`, "Blue on the outside.")
	h.hasNot(w, `name="how"`, `name="of"`)
	h.has(h.post("tomasz", onDesk, url.Values{"do": {"decline"}}), http.StatusUnprocessableEntity, "Choose a reason.")
	h.sends("tomasz", onDesk, url.Values{"do": {"publish"}, "text": {"Mended, thank you."}})
	h.has(h.as("ines", sub), http.StatusOK, "An editor has taken it up.", "Mended, thank you.")
}

package interchange

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// document walks an XML document with its depth and the size of its parts
// bounded. Document types are refused: with them go entities of the writer's
// own and addresses to fetch.
type document struct {
	dec   *xml.Decoder
	limit *budget
	depth int
	line  int // of the last start element
}

func newDocument(src io.Reader) *document {
	limit := &budget{r: legalUTF8{src}, left: maxToken, what: "a part of the file"}
	dec := xml.NewDecoder(limit)
	dec.CharsetReader = charset
	dec.Entity = xml.HTMLEntity // KML made by hand says &nbsp;
	return &document{dec: dec, limit: limit}
}

// legalUTF8 drops the control characters that XML forbids and people's devices
// write all the same. None of them is part of a longer UTF-8 character.
type legalUTF8 struct{ r io.Reader }

func (l legalUTF8) Read(p []byte) (int, error) {
	for {
		n, err := l.r.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				continue
			}
			p[kept] = c
			kept++
		}
		if kept > 0 || err != nil || n == 0 {
			return kept, err
		}
	}
}

func (d *document) token() (xml.Token, error) {
	for {
		d.limit.renew(maxToken)
		t, err := d.dec.Token()
		if err != nil {
			return nil, d.reason(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if d.depth++; d.depth > maxDepth {
				return nil, fmt.Errorf("XML is nested deeper than %d", maxDepth)
			}
			d.line, _ = d.dec.InputPos()
			return t, nil
		case xml.EndElement:
			d.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, errors.New("a DOCTYPE is not accepted; remove it")
		}
	}
}

func (d *document) reason(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, errTooLong):
		return errors.New("a part of the file is too large")
	case errors.As(err, &syntax):
		if strings.Contains(syntax.Msg, "unexpected EOF") {
			return fmt.Errorf("not XML: the file ends in the middle, at line %d", syntax.Line)
		}
		return fmt.Errorf("not XML: %s at line %d", cut(syntax.Msg, 200), syntax.Line)
	}
	return fmt.Errorf("not XML: %s", cut(err.Error(), 200))
}

// text is the text up to the end of the element under way, that of elements in
// it included. What is over maxText is lost.
func (d *document) text() (string, error) { return d.textUpTo(maxText) }

// textUpTo is text with another limit, in bytes.
func (d *document) textUpTo(most int) (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		t, err := d.token()
		if err != nil {
			return "", inside(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if room := most - b.Len(); room > 0 {
				b.WriteString(cut(string(t), room))
			}
		}
	}
	s := b.String()
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	return s, nil
}

// skip passes over the rest of the element under way.
func (d *document) skip() error {
	for depth := 1; depth > 0; {
		t, err := d.token()
		if err != nil {
			return inside(err)
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// inside turns the end of the file into a failure: an element was open.
func inside(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("not XML: the file ends in the middle")
	}
	return err
}

// children calls visit for each element directly inside the one under way;
// visit reads it to its end.
func (d *document) children(visit func(xml.StartElement) error) error {
	for {
		t, err := d.token()
		if err != nil {
			return inside(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// root finds the first element, which must be named so.
func (d *document) root(name string) (xml.StartElement, error) {
	for {
		t, err := d.token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return xml.StartElement{}, fmt.Errorf("not %s: there is no <%s>", strings.ToUpper(name), name)
			}
			return xml.StartElement{}, err
		}
		if s, ok := t.(xml.StartElement); ok {
			if s.Name.Local != name {
				return s, fmt.Errorf("not %s: it begins with <%s>", strings.ToUpper(name), cut(s.Name.Local, 40))
			}
			return s, nil
		}
	}
}

func attr(s xml.StartElement, name string) (string, bool) {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

package interchange

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// openNDJSON reads one JSON object a line. Empty lines are passed over.
func openNDJSON(src io.Reader) func() (row, error) {
	in := newLines(src)
	return func() (row, error) {
		for {
			line, long, err := in.read()
			if err != nil {
				return row{}, err
			}
			line = bytes.TrimSpace(line)
			if in.number == 1 {
				line = bytes.TrimPrefix(line, []byte("\ufeff"))
			}
			if long || len(line) > maxRecord {
				return row{line: in.number, bad: "the line is over 1 MiB"}, nil
			}
			if len(line) == 0 {
				continue
			}
			r := jsonRow(line)
			r.line = in.number
			return r, nil
		}
	}
}

// jsonRow reads one object.
func jsonRow(raw []byte) row {
	if !utf8.Valid(raw) {
		return row{bad: "invalid UTF-8"}
	}
	if values, ok := fastObject(string(raw)); ok {
		return row{values: values}
	}
	if tooDeep(raw) {
		return row{bad: fmt.Sprintf("JSON is nested deeper than %d", maxNesting)}
	}
	if len(raw) == 0 || raw[0] != '{' {
		return row{bad: "not a JSON object"}
	}
	var values map[string]any
	if err := unmarshal(raw, &values); err != nil {
		return row{bad: jsonReason(err)}
	}
	return row{values: values}
}

// unmarshal is json.Unmarshal with numbers as they are written.
func unmarshal(raw []byte, to any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(to); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// jsonReason is what a JSON error says to the owner of the file.
func jsonReason(err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "not JSON: it ends in the middle"
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON: %s at byte %d", syntax.Error(), syntax.Offset)
	}
	return "not JSON: " + strings.TrimPrefix(cut(err.Error(), 200), "json: ")
}

// openArray reads the objects of one JSON array, which may stand in an object:
// {"items":[…]} is the API's list, {"elements":[…]} an answer of Overpass.
func openArray(src io.Reader) func() (row, error) {
	in := bufio.NewReader(src)
	s := newJSONStream(in)
	opened, ended := false, false
	wrapped := false
	return func() (row, error) {
		if ended {
			return row{}, io.EOF
		}
		if !opened {
			opened = true
			head, _ := in.Peek(256)
			if wrapped = bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")); wrapped {
				if _, found, err := s.enter("items", "elements"); err != nil || !found {
					return row{}, cmp.Or(err, errors.New("not JSON of the right kind: there is no list in it"))
				}
			} else if err := s.expect('['); err != nil {
				return row{}, err
			}
		}
		raw, err := s.element(maxRecord)
		if err != nil {
			ended = errors.Is(err, io.EOF)
			return row{}, err
		}
		r := jsonRow(raw)
		if wrapped && r.bad == "" {
			apiItem(r.values)
			overpassElement(r.values)
		}
		return r, nil
	}
}

// jsonStream walks one JSON document that is larger than memory may be.
type jsonStream struct {
	dec   *json.Decoder
	limit *budget
}

func newJSONStream(src io.Reader) *jsonStream {
	limit := &budget{r: &nesting{r: src, limit: maxNesting + 2}, left: maxFeature, what: "a part of the file"}
	dec := json.NewDecoder(limit)
	dec.UseNumber()
	return &jsonStream{dec: dec, limit: limit}
}

func (s *jsonStream) expect(d json.Delim) error {
	t, err := s.token()
	if err != nil {
		return err
	}
	if t != d {
		return fmt.Errorf("not JSON of the right kind: %q expected", rune(d))
	}
	return nil
}

func (s *jsonStream) token() (json.Token, error) {
	s.limit.renew(maxFeature)
	t, err := s.dec.Token()
	return t, fileReason(err)
}

// element is the next element of the array under way, io.EOF at its end.
func (s *jsonStream) element(most int) ([]byte, error) {
	s.limit.renew(most + 64<<10)
	if !s.dec.More() {
		if _, err := s.token(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	var raw json.RawMessage
	if err := s.dec.Decode(&raw); err != nil {
		return nil, fileReason(err)
	}
	return raw, nil
}

// skip passes over the next value without keeping it.
func (s *jsonStream) skip() error {
	depth := 0
	for {
		t, err := s.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// fileReason says that the file ends too early: inside a document io.EOF is no
// end.
func fileReason(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("not JSON: the file ends in the middle")
	case errors.Is(err, errTooLong):
		return errors.New("a record is too large")
	}
	return errors.New(jsonReason(err))
}

package web

import "bytes"

// simple is a request that the short road understands.
type simple struct {
	path   []byte
	accept []byte // value of Accept-Encoding, nil for none
	head   bool   // HEAD
	// particular says that it shows a token, or that the answer depends on what
	// else it says.
	particular bool
	accepts    bool // it has an Accept header
}

func (r *simple) encodings() []string {
	if r.accept == nil {
		return nil
	}
	return []string{string(r.accept)}
}

// clarity is what parseSimple makes of the bytes of a read.
type clarity uint8

const (
	// unclear: not exactly one whole request, or one that may have a body.
	unclear clarity = iota
	// whole: one whole request without a body, for net/http to answer.
	whole
	// answerable: whole, and a kept page would be the answer to it.
	answerable
)

var (
	getStart  = []byte("GET /")
	headStart = []byte("HEAD /")
	version11 = []byte(" HTTP/1.1")
	crlf      = []byte("\r\n")
)

// parseSimple reads one request. It refuses to understand anything that two
// readers could understand differently.
func parseSimple(b []byte) (r simple, c clarity) {
	line, rest, ok := bytes.Cut(b, crlf)
	if !ok {
		return r, unclear
	}
	switch {
	case bytes.HasPrefix(line, getStart):
		line = line[len("GET "):]
	case bytes.HasPrefix(line, headStart):
		line, r.head = line[len("HEAD "):], true
	default:
		return r, unclear
	}
	if !bytes.HasSuffix(line, version11) {
		return r, unclear
	}
	r.path = line[:len(line)-len(version11)]
	c = answerable
	for _, x := range r.path {
		switch {
		case x >= 'a' && x <= 'z', x >= '0' && x <= '9', x >= 'A' && x <= 'Z', x == '/', x == '-', x == '_', x == '.', x == '~':
		case x > ' ' && x < 0x7f:
			c = whole // a query, or something escaped
		default:
			return r, unclear
		}
	}
	if got := r.headers(rest); got < c {
		c = got
	}
	return r, c
}

// headers reads the lines up to the blank one, which must be the end.
func (r *simple) headers(rest []byte) clarity {
	c, hosts := answerable, 0
	for {
		line, after, ok := bytes.Cut(rest, crlf)
		switch {
		case !ok:
			return unclear
		case len(line) == 0 && len(after) > 0:
			return unclear // the next request is there already
		case len(line) == 0 && hosts != 1:
			return unclear
		case len(line) == 0:
			return c
		}
		rest = after
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || !plainName(name) || !plainValue(value) {
			return unclear
		}
		value = bytes.Trim(value, " \t")
		switch lower(name) {
		case "host":
			if hosts++; !plainHost(value) {
				return unclear
			}
		case "accept-encoding":
			if r.accept != nil {
				return unclear
			}
			r.accept = value
		case "connection":
			if !bytes.EqualFold(value, []byte("keep-alive")) {
				return unclear
			}
		case "content-length", "transfer-encoding", "upgrade", "expect", "trailer", "te", "keep-alive", "proxy-connection", "http2-settings":
			return unclear
		case "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range":
			c, r.particular = whole, true
		case "authorization":
			r.particular = true
		case "accept":
			r.particular = r.particular || r.accepts || string(value) != "*/*" && string(value) != "application/json"
			r.accepts = true
		}
	}
}

// lower is a short name in small letters; a longer one is none that matters.
func lower(name []byte) string {
	var b [20]byte
	if len(name) > len(b) {
		return ""
	}
	for i, x := range name {
		if x >= 'A' && x <= 'Z' {
			x += 'a' - 'A'
		}
		b[i] = x
	}
	return string(b[:len(name)])
}

func plainName(name []byte) bool {
	if len(name) == 0 {
		return false
	}
	for _, x := range name {
		if (x < 'a' || x > 'z') && (x < 'A' || x > 'Z') && (x < '0' || x > '9') && x != '-' {
			return false
		}
	}
	return true
}

func plainValue(value []byte) bool {
	for _, x := range value {
		if x < ' ' && x != '\t' || x >= 0x7f {
			return false
		}
	}
	return true
}

func plainHost(value []byte) bool {
	for _, x := range value {
		if (x < 'a' || x > 'z') && (x < 'A' || x > 'Z') && (x < '0' || x > '9') && x != '-' && x != '.' && x != ':' && x != '[' && x != ']' {
			return false
		}
	}
	return len(value) > 0
}

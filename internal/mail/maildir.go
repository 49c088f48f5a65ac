package mail

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/job"
)

// Collecting is the job that reads what mail servers sent back into the
// operator's Maildir.
type Collecting struct{}

// Kind implements job.Args.
func (Collecting) Kind() string { return "mail.bounces" }

// Limits of the job.
func (Collecting) Limits() job.Limits { return job.Limits{Together: 1} }

// What is read at most.
const (
	bounceBytes = 256 << 10 // of one file; what follows is the text of our own letter
	bounceFiles = 500       // in one run
	bounceParts = 10        // of a report
	bounceNames = 50        // addresses that one report tells of
)

// Returned is what a report of a mail server says of one letter of ours
// (RFC 3464).
type Returned struct {
	MessageID string // of the letter, without its brackets
	// To are the addresses that the letter was for, as far as the report tells.
	To     []string
	Status string // "5.1.1"
	Words  string // of the server that refused it
}

// Collect reads the new files of the Maildir. An address is closed when it was
// refused for good and the report holds the Message-ID of a letter that we sent
// there: the seal in it says so, and nobody can make it who has not had that
// very letter. What was read is moved to cur, where people find the rest of their
// mail unread.
func (p *Post) Collect(ctx context.Context) error {
	if p.config.Bounces == "" {
		return nil
	}
	fresh := filepath.Join(p.config.Bounces, "new")
	list, err := os.ReadDir(fresh)
	if err != nil {
		return errs.Wrap(err, errs.Unavailable, "MIRABILIA_BOUNCES: %s cannot be read; it has to be a Maildir", p.config.Bounces)
	}
	read := 0
	for _, entry := range list {
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if read++; read > bounceFiles || ctx.Err() != nil {
			return ctx.Err() // the rest next time
		}
		if err := p.collect(ctx, fresh, entry.Name()); err != nil {
			return err
		}
	}
	return nil
}

func (p *Post) collect(ctx context.Context, fresh, name string) error {
	from := filepath.Join(fresh, name)
	raw, err := readStart(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another program has taken it
	}
	if err != nil {
		return err
	}
	base, _, _ := strings.Cut(name, ":")
	to := base + ":2,"
	if list, ok := ReadReturned(bytes.NewReader(raw)); ok {
		for _, r := range list {
			if err := p.returned(ctx, r); err != nil {
				return err
			}
		}
		to += "S" // read
	}
	err = os.Rename(from, filepath.Join(p.config.Bounces, "cur", to))
	if errors.Is(err, fs.ErrNotExist) {
		if _, gone := os.Stat(from); gone != nil {
			return nil
		}
	}
	return err
}

func readStart(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, bounceBytes))
}

// returned closes the address of a letter that came back for good.
func (p *Post) returned(ctx context.Context, r Returned) error {
	if !lostCode.MatchString(r.Status) || p.config.Bounced == nil {
		return nil
	}
	for _, to := range r.To {
		if p.sealed(r.MessageID, to) {
			p.Returned.Add(1)
			return p.config.Bounced(ctx, to, strings.TrimSpace(r.Status+" "+r.Words))
		}
	}
	return nil
}

// lostCode is that of an address where nobody is: no such mailbox, host or
// domain, or one that is switched off (RFC 3463). A full mailbox, a policy
// against us and a text that is not wanted close none.
var lostCode = regexp.MustCompile(`^5\.(0\.0|1\.[0-9]{1,3}|2\.[01]|4\.4)$`)

// messageID is the Message-ID of a letter, the same over all tries. With a key
// it ends with a seal over the letter and whom it is for.
func (p *Post) messageID(m Message) string {
	id := m.ID
	if len(p.config.Key) > 0 {
		id += "." + p.seal(m.ID, m.To)
	}
	return id + "@" + domainOf(p.config.From)
}

func (p *Post) seal(id, to string) string {
	h := hmac.New(sha256.New, p.config.Key)
	h.Write([]byte("mail.returned\x00" + id + "\x00" + strings.ToLower(to)))
	return hex.EncodeToString(h.Sum(nil)[:10])
}

// sealed reports whether a Message-ID is that of a letter of ours to an address.
func (p *Post) sealed(messageID, to string) bool {
	local, _, _ := strings.Cut(messageID, "@")
	id, seal, ok := strings.Cut(local, ".")
	return ok && len(p.config.Key) > 0 && hmac.Equal([]byte(seal), []byte(p.seal(id, to)))
}

// ReadReturned reads a report of a mail server; false for any other mail. It
// takes nothing of what is said on trust but what it hands on to be checked.
func ReadReturned(in io.Reader) (list []Returned, ok bool) {
	m, err := mail.ReadMessage(in)
	if err != nil {
		return nil, false
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") || params["boundary"] == "" {
		return nil, false
	}
	var about []textproto.MIMEHeader
	var ours textproto.MIMEHeader
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range bounceParts {
		part, err := parts.NextRawPart()
		if err != nil {
			break // the end, or where the file was cut off: what came before counts
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			continue
		}
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			about = append(about, blocks(part)...)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			if heads := blocks(part); len(heads) > 0 && ours == nil {
				ours = heads[0]
			}
		}
	}
	id := strings.Trim(strings.TrimSpace(ours.Get("Message-Id")), "<>")
	if id == "" {
		return nil, true
	}
	written := bare(ours.Get("To"))
	for _, x := range about {
		if !strings.EqualFold(strings.TrimSpace(x.Get("Action")), "failed") || len(list) == bounceNames {
			continue
		}
		r := Returned{MessageID: id, Status: strings.TrimSpace(x.Get("Status")), Words: after(x.Get("Diagnostic-Code"))}
		r.Status, _, _ = strings.Cut(r.Status, " ") // some add words
		for _, to := range []string{bare(after(x.Get("Original-Recipient"))), bare(after(x.Get("Final-Recipient"))), written} {
			if to != "" {
				r.To = append(r.To, to)
			}
		}
		list = append(list, r)
	}
	return list, true
}

// blocks are the groups of fields of a part, an empty line apart. A group that is
// damaged ends them.
func blocks(in io.Reader) (list []textproto.MIMEHeader) {
	raw, err := io.ReadAll(io.LimitReader(in, bounceBytes))
	if err != nil && len(raw) == 0 {
		return nil
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	for block := range bytes.SplitSeq(raw, []byte("\n\n")) {
		if block = bytes.Trim(block, "\n"); len(block) == 0 {
			continue
		}
		m, err := mail.ReadMessage(bytes.NewReader(append(bytes.Clone(block), "\n\n"...)))
		if err != nil || len(list) > bounceNames {
			return list
		}
		list = append(list, textproto.MIMEHeader(m.Header))
	}
	return list
}

// after is what follows the kind in a field such as "rfc822; a@example.org".
func after(field string) string {
	_, value, _ := strings.Cut(field, ";")
	return strings.Join(strings.Fields(value), " ")
}

// bare is the one address in a field, "" for none.
func bare(field string) string {
	a, err := mail.ParseAddress(strings.TrimSpace(field))
	if err != nil || !ValidAddress(a.Address) {
		return ""
	}
	return a.Address
}

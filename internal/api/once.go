package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// keyHeader names a call, so that a repeat of it is told from another call.
const keyHeader = "Idempotency-Key"

const (
	maxKey = 200
	// keyKept is how long a key is remembered.
	keyKept = 24 * time.Hour
	// patience is when a call that has not been answered never will be.
	patience = 5 * time.Minute
	// maxRead is the longest JSON body that is read to be checked, in bytes.
	maxRead = 1 << 20
)

// prepare reads the body of a write: JSON to check its form, the parts of a form
// where the call takes them. It gives what tells the body from another, and what
// clears away the files. Any other body is left to the call, which refuses it.
func (a *API) prepare(r *http.Request, who actor.Actor, pattern string) (content []byte, done func(), err error) {
	done = func() {}
	if r.Body == nil || r.Body == http.NoBody {
		return nil, done, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if ask := a.forms[pattern]; ask != nil {
		if err := ask(who); err != nil {
			return nil, nil, err
		}
		if err == nil && kind == "multipart/form-data" {
			return readForm(r)
		}
	}
	if err == nil && kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return nil, done, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRead+1))
	var large *http.MaxBytesError
	switch {
	case len(body) > maxRead, errors.As(err, &large):
		return nil, nil, errs.New(errs.TooLarge, "A call may carry 1 MiB at most.")
	case err != nil:
		return nil, nil, errs.Wrap(err, errs.Invalid, "The body broke off.")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, done, checkJSON(body)
}

// once answers a POST that carries a key: the first time by the call itself, and
// again by the same answer. Two at the same moment do the work once, and the
// second waits for what the first is answered.
func (a *API) once(out *answer, r *http.Request, who actor.Actor, key string, content []byte) error {
	if len(key) > maxKey {
		return errs.InField(keyHeader, "is longer than %d characters", maxKey)
	}
	hash := sum(key)
	defer a.turns.take(r.Context(), strconv.FormatInt(who.ID, 10)+" "+hash)()
	request := sum(r.Method + " " + r.URL.RequestURI() + "\n" + string(content))
	now := a.DB.Millis()
	mine := false
	var kept struct {
		request, kind, location, answer, node string
		status                                int
		at, made                              int64
	}
	err := a.DB.Write(r.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM idempotency WHERE member = $1 AND hash = $2 AND at < $3`, who.ID, hash, now-keyKept.Milliseconds())
		if err != nil {
			return err
		}
		n, err := tx.Exec(`INSERT INTO idempotency (member, hash, request, status, type, location, answer, at, node) VALUES ($1, $2, $3, 0, '', '', '', $4, $5)
			ON CONFLICT (member, hash) DO NOTHING`, who.ID, hash, request, now, a.node)
		if mine = n == 1; err != nil || mine {
			return err
		}
		err = tx.QueryRow(`SELECT request, status, type, location, answer, at, made, node FROM idempotency WHERE member = $1 AND hash = $2`, who.ID, hash).
			Scan(&kept.request, &kept.status, &kept.kind, &kept.location, &kept.answer, &kept.at, &kept.made, &kept.node)
		if err != nil || kept.request != request || kept.status != 0 || !a.cutOff(kept.node, now-kept.at) {
			return err
		}
		// Whoever was at it has ended: it is taken over, by one of those who ask.
		n, err = tx.Exec(`UPDATE idempotency SET at = $3, node = $4 WHERE member = $1 AND hash = $2 AND at = $5 AND node = $6`, who.ID, hash, now, a.node, kept.at, kept.node)
		mine = n == 1
		return err
	})
	switch {
	case err != nil:
		return err
	case mine:
		return a.first(out, r, who, hash, kept.made)
	case kept.request != request:
		return errs.New(errs.Conflict, "This %s was used for another call.", keyHeader)
	case kept.status == 0:
		out.header.Set("Retry-After", "1")
		return errs.New(errs.Conflict, "The first call with this %s is still under way.", keyHeader)
	}
	for name, value := range map[string]string{"Content-Type": kept.kind, "Location": kept.location, "Idempotency-Replayed": "true"} {
		if value != "" {
			out.header.Set(name, value)
		}
	}
	out.WriteHeader(kept.status)
	_, _ = out.Write([]byte(kept.answer))
	return nil
}

// cutOff reports whether a call that a program has been at for so long, in
// milliseconds, ended with it. On SQLite there is one program at a time.
func (a *API) cutOff(node string, since int64) bool {
	return since >= patience.Milliseconds() || node != a.node && a.DB.Engine() == db.SQLite
}

type resumedKey struct{}

// resumed is what a call has made already, before it was cut off: nothing is to
// be done but to answer.
func resumed(ctx context.Context) (made int64, ok bool) {
	made, ok = ctx.Value(resumedKey{}).(int64)
	return made, ok
}

// first does the call and keeps its answer; when it was done before, and cut off
// behind that, it is answered alone. What failed on our side, or may succeed
// later, is not kept, so that it can be tried again.
func (a *API) first(out *answer, r *http.Request, who actor.Actor, hash string, made int64) error {
	done := false
	ctx := db.Keeping(r.Context(), func(tx *db.Tx, id int64) error {
		_, err := tx.Exec(`UPDATE idempotency SET made = $3 WHERE member = $1 AND hash = $2`, who.ID, hash, id)
		return err
	})
	if made != 0 {
		ctx = context.WithValue(ctx, resumedKey{}, made)
	}
	r = r.WithContext(ctx)
	keep := func() error {
		return a.DB.Write(context.WithoutCancel(r.Context()), func(tx *db.Tx) error {
			if !done || out.status >= 500 || out.status == http.StatusTooManyRequests || out.status == http.StatusUnauthorized || out.status == http.StatusForbidden {
				// What was made all the same is answered when it is asked for again.
				_, err := tx.Exec(`UPDATE idempotency SET at = at - $3 WHERE member = $1 AND hash = $2 AND made <> 0`, who.ID, hash, patience.Milliseconds())
				if err == nil {
					_, err = tx.Exec(`DELETE FROM idempotency WHERE member = $1 AND hash = $2 AND made = 0`, who.ID, hash)
				}
				return err
			}
			_, err := tx.Exec(`UPDATE idempotency SET status = $3, type = $4, location = $5, answer = $6 WHERE member = $1 AND hash = $2`,
				who.ID, hash, out.status, out.header.Get("Content-Type"), out.header.Get("Location"), out.body.String())
			return err
		})
	}
	defer func() {
		if !done { // it panicked: nothing was done that lasts
			_ = keep()
		}
	}()
	a.mux.ServeHTTP(out, r)
	done = true
	return keep()
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

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
	// cutOff is when a call that has not been answered never will be.
	cutOff = 5 * time.Minute
	// maxRead is the longest JSON body that is read to be checked, in bytes.
	maxRead = 1 << 20
)

// prepare reads the JSON body of a write and checks its form; what is no JSON is
// left to its handler.
func prepare(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody || r.URL.Path == alongPath {
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRead+1))
	var large *http.MaxBytesError
	switch {
	case len(body) > maxRead, errors.As(err, &large):
		return nil, errs.New(errs.TooLarge, "A call may carry 1 MiB at most.")
	case err != nil:
		return nil, errs.Wrap(err, errs.Invalid, "The body broke off.")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, checkJSON(body)
}

// once answers a POST that carries a key: the first time by the call itself, and
// again by the same answer. Two at the same moment do the work once.
func (a *API) once(out *answer, r *http.Request, who actor.Actor, key string, body []byte) error {
	if len(key) > maxKey {
		return errs.InField(keyHeader, "is longer than %d characters", maxKey)
	}
	hash := sum(key)
	// The body in parts of a form has other bounds each time it is sent, so a
	// file counts by its call alone.
	request := sum(r.Method + " " + r.URL.RequestURI() + "\n" + string(body))
	now := a.DB.Millis()
	mine := false
	var kept struct {
		request, kind, location, answer string
		status                          int
		at                              int64
	}
	err := a.DB.Write(r.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM idempotency WHERE member = $1 AND hash = $2 AND at < $3`, who.ID, hash, now-keyKept.Milliseconds())
		if err != nil {
			return err
		}
		n, err := tx.Exec(`INSERT INTO idempotency (member, hash, request, status, type, location, answer, at) VALUES ($1, $2, $3, 0, '', '', '', $4)
			ON CONFLICT (member, hash) DO NOTHING`, who.ID, hash, request, now)
		if mine = n == 1; err != nil || mine {
			return err
		}
		return tx.QueryRow(`SELECT request, status, type, location, answer, at FROM idempotency WHERE member = $1 AND hash = $2`, who.ID, hash).
			Scan(&kept.request, &kept.status, &kept.kind, &kept.location, &kept.answer, &kept.at)
	})
	switch {
	case err != nil:
		return err
	case mine:
		return a.first(out, r, who, hash)
	case kept.request != request:
		return errs.New(errs.Conflict, "This %s was used for another call.", keyHeader)
	case kept.status == 0 && now-kept.at < cutOff.Milliseconds():
		out.header.Set("Retry-After", "1")
		return errs.New(errs.Conflict, "The first call with this %s is still under way.", keyHeader)
	case kept.status == 0:
		return errs.New(errs.Conflict, "The first call with this %s was cut off before its answer was kept. Look whether it was done, and use another key.", keyHeader)
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

// first does the call and keeps its answer. What failed on our side, or may
// succeed later, is not kept, so that it can be tried again.
func (a *API) first(out *answer, r *http.Request, who actor.Actor, hash string) error {
	done := false
	keep := func() error {
		return a.DB.Write(context.WithoutCancel(r.Context()), func(tx *db.Tx) error {
			if !done || out.status >= 500 || out.status == http.StatusTooManyRequests || out.status == http.StatusUnauthorized || out.status == http.StatusForbidden {
				_, err := tx.Exec(`DELETE FROM idempotency WHERE member = $1 AND hash = $2`, who.ID, hash)
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

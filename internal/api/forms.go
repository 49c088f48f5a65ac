package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
)

// takesForm says of a call that it takes the parts of a form, and what is asked
// of its sender before a byte of them is read.
func (a *API) takesForm(method, path string, ask func(actor.Actor) error) {
	if a.forms == nil {
		a.forms = map[string]func(actor.Actor) error{}
	}
	a.forms[method+" "+Prefix+path] = ask
}

// readForm reads the parts of a form, files onto the disk, and gives what tells
// them from others: each time a form is sent, other bounds lie between the same
// parts. The files are gone when done is called.
func readForm(r *http.Request) (content []byte, done func(), err error) {
	err = r.ParseMultipartForm(humago.MultipartMaxMemory)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, nil, errs.New(errs.TooLarge, "That is more than this call takes.")
	case err != nil:
		return nil, nil, errs.Wrap(err, errs.Invalid, "The form broke off, or its parts are not set apart as its Content-Type says.")
	}
	// The server clears away what is in the request it gave, and this may be a copy.
	done = func() { _ = r.MultipartForm.RemoveAll() }
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(r.MultipartForm.Value)) {
		fmt.Fprintf(h, "%q %q\n", name, r.MultipartForm.Value[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
		for _, file := range r.MultipartForm.File[name] {
			fmt.Fprintf(h, "%q %q %q %d\n", name, file.Filename, file.Header.Get("Content-Type"), file.Size)
			if err := hashFile(h, file); err != nil {
				done()
				return nil, nil, err
			}
		}
	}
	return hex.AppendEncode(nil, h.Sum(nil)), done, nil
}

func hashFile(h hash.Hash, file *multipart.FileHeader) error {
	f, err := file.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return err
}

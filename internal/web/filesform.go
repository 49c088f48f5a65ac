package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"mirabilia/internal/errs"
)

// arrived is a file that came with a form. It lies on disk until the fields
// behind it are read; err is why it could not be taken.
type arrived struct {
	name string
	file interface {
		Reader() io.Reader
		Close() error
	}
	err error
}

// withFiles lets a form bring files: its fields are read as those of every other
// form, its files lie on disk meanwhile.
func (s *Site) withFiles(fn func(context.Context, Own) (Answer, error)) func(context.Context, Own) (Answer, error) {
	return func(ctx context.Context, o Own) (Answer, error) {
		if o.Request.Method != http.MethodPost {
			return fn(ctx, o)
		}
		kind, _, _ := mime.ParseMediaType(o.Request.Header.Get("Content-Type"))
		if kind != "multipart/form-data" || s.Photos == nil {
			o.Request.Body = http.MaxBytesReader(nil, o.Request.Body, maxWriting)
			var err error
			if o.Form, err = sentFields(o.Request); err != nil {
				return Answer{}, err
			}
			return fn(ctx, o)
		}
		err := s.readForm(ctx, &o)
		defer func() {
			for _, f := range o.files {
				if f.file != nil {
					_ = f.file.Close()
				}
			}
		}()
		if err != nil {
			return Answer{}, err
		}
		return fn(ctx, o)
	}
}

// readForm reads a form part by part.
func (s *Site) readForm(ctx context.Context, o *Own) error {
	parts, err := o.Request.MultipartReader()
	if err != nil {
		return formError(err)
	}
	o.Form = url.Values{}
	left := int64(maxWriting)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return partError(err)
		}
		if part.FormName() == "file" {
			if err := s.readFile(ctx, o, part); err != nil {
				return err
			}
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return partError(err)
		}
		if left -= int64(len(b)); left < 0 {
			return errs.New(errs.TooLarge, "That is more than is taken at once.")
		}
		if !readableText(string(b)) {
			return errs.New(errs.Invalid, "What was sent is not readable text: it holds bytes that are no letters.")
		}
		o.Form.Add(part.FormName(), string(b))
	}
}

func (s *Site) readFile(ctx context.Context, o *Own, part *multipart.Part) error {
	if part.FileName() == "" {
		return nil
	}
	if len(o.files) == maxPhotos {
		return errs.New(errs.TooLarge, "At most %d photos can be sent at once.", maxPhotos)
	}
	s.Photos.Expect()
	f := arrived{name: shownName(part.FileName())}
	file, err := s.Photos.Spool(part)
	var cut *http.MaxBytesError
	switch {
	case err == nil:
		f.file = file
	case errors.As(err, &cut):
		return partError(err)
	case errs.Is(err, errs.TooLarge): // the rest of it is read past
		f.err = err
		if _, err := io.Copy(io.Discard, part); err != nil {
			return partError(err)
		}
	default:
		return err
	}
	o.files = append(o.files, f)
	return ctx.Err()
}

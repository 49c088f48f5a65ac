package blob

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"mirabilia/internal/errs"
)

// bucket keeps files in a bucket of an S3 server.
type bucket struct {
	client *minio.Client
	name   string
}

// CheckAddress says what is wrong with an address of a store.
func CheckAddress(address string) error {
	if address == "" {
		return nil
	}
	_, _, err := parseAddress(address)
	return err
}

func parseAddress(address string) (string, *minio.Options, error) {
	bad := errors.New("want s3://bucket?endpoint=https://host&region=name, or nothing for a folder in the data directory")
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.Path != "" && u.Path != "/" {
		return "", nil, bad
	}
	end, err := url.Parse(u.Query().Get("endpoint"))
	if err != nil || end.Scheme != "https" && end.Scheme != "http" || end.Host == "" || end.Path != "" && end.Path != "/" {
		return "", nil, bad
	}
	for key := range u.Query() {
		if key != "endpoint" && key != "region" {
			return "", nil, bad
		}
	}
	o := &minio.Options{Secure: end.Scheme == "https", Region: u.Query().Get("region"), BucketLookup: minio.BucketLookupAuto}
	// The keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the
	// address as s3://key:secret@bucket.
	if u.User != nil {
		secret, _ := u.User.Password()
		o.Creds = credentials.NewStaticV4(u.User.Username(), secret, "")
	} else {
		o.Creds = credentials.NewEnvAWS()
	}
	o.Transport = &http.Transport{Proxy: nil, ResponseHeaderTimeout: 30 * time.Second, TLSHandshakeTimeout: 10 * time.Second, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}
	o.MaxRetries = 3
	return end.Host + " " + u.Host, o, nil
}

func openBucket(ctx context.Context, address string) (*bucket, error) {
	where, o, err := parseAddress(address)
	if err != nil {
		return nil, errs.New(errs.Invalid, "MIRABILIA_BLOBS: %s", err)
	}
	var host, name string
	for i := range where {
		if where[i] == ' ' {
			host, name = where[:i], where[i+1:]
		}
	}
	client, err := minio.New(host, o)
	if err != nil {
		return nil, errs.New(errs.Invalid, "MIRABILIA_BLOBS: %s", err)
	}
	there, err := client.BucketExists(ctx, name)
	if err != nil {
		return nil, errs.Wrap(err, errs.Unavailable, "MIRABILIA_BLOBS: the server %s does not answer as an S3 server with these keys", host)
	}
	if !there {
		return nil, errs.New(errs.Invalid, "MIRABILIA_BLOBS: there is no bucket %s; make it first", name)
	}
	return &bucket{client: client, name: name}, nil
}

func (b *bucket) put(ctx context.Context, n string, size int64, content io.Reader) error {
	_, err := b.client.PutObject(ctx, b.name, n, content, size, minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true, DisableMultipart: true})
	return storeError(err)
}

func (b *bucket) open(ctx context.Context, n string) (io.ReadCloser, int64, error) {
	o, err := b.client.GetObject(ctx, b.name, n, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, storeError(err)
	}
	info, err := o.Stat()
	if err != nil {
		err = errors.Join(b.absent(n, err), o.Close())
		return nil, 0, err
	}
	return object{o}, info.Size, nil
}

// object is a file of the bucket as it is read. That the server gives it is only
// known while it comes.
type object struct{ *minio.Object }

func (o object) Read(p []byte) (int, error) {
	n, err := o.Object.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = storeError(err)
	}
	return n, err
}

func (b *bucket) has(ctx context.Context, n string) (int64, bool, error) {
	info, err := b.client.StatObject(ctx, b.name, n, minio.StatObjectOptions{})
	if err != nil {
		if err = b.absent(n, err); errs.Is(err, errs.NotFound) {
			err = nil
		}
		return 0, false, err
	}
	return info.Size, true, nil
}

// remove is no error where there is none: S3 answers so.
func (b *bucket) remove(ctx context.Context, n string) error {
	return storeError(b.client.RemoveObject(ctx, b.name, n, minio.RemoveObjectOptions{}))
}

func (b *bucket) each(ctx context.Context, fn func(string, int64) error) error {
	for o := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return storeError(o.Err)
		}
		if !name.MatchString(o.Key) {
			continue
		}
		if err := fn(o.Key, o.Size); err != nil {
			return err
		}
	}
	return nil
}

func (b *bucket) absent(n string, err error) error {
	if r := minio.ToErrorResponse(err); r.Code == minio.NoSuchKey || r.StatusCode == http.StatusNotFound {
		return notThere(n)
	}
	return storeError(err)
}

// storeError is what a reader is told of a server that fails.
func storeError(err error) error {
	if err == nil {
		return nil
	}
	return errs.Wrap(err, errs.Unavailable, "The store of files does not answer at the moment. Nothing was lost; try again in a minute.")
}

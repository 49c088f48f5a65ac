package media

import (
	"bytes"
	"strconv"
	"time"

	"github.com/bep/imagemeta"
)

// readExif reads where and when a picture was taken and how it must be turned.
// What cannot be read is unknown: metadata is no reason to refuse a picture.
func readExif(file []byte, k Kind) (t Taken, turn int) {
	format, ok := map[Kind]imagemeta.ImageFormat{JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP, HEIC: imagemeta.HEIF, AVIF: imagemeta.AVIF}[k]
	if !ok {
		return Taken{}, 1
	}
	var tags imagemeta.Tags
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(file), ImageFormat: format, Sources: imagemeta.EXIF, Timeout: 5 * time.Second, LimitTagSize: 1000,
		ShouldHandleTag: func(i imagemeta.TagInfo) bool { return true },
		HandleTag:       func(i imagemeta.TagInfo) error { tags.Add(i); return nil },
		Warnf:           func(string, ...any) {},
	})
	if err != nil && len(tags.EXIF()) == 0 {
		return Taken{}, 1
	}
	turn = 1
	// The boxes of HEIC and AVIF turn the picture; their EXIF only tells it again.
	if i, ok := tags.EXIF()["Orientation"]; ok && k != HEIC && k != AVIF {
		if n := whole(i.Value); n >= 1 && n <= 8 {
			turn = n
		}
	}
	lat, lon, err := tags.GetLatLong()
	// 0, 0 is what cameras write that look for their satellites.
	if err == nil && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && (lat != 0 || lon != 0) {
		t.Located, t.Lat, t.Lon = true, lat, lon
	}
	if at, err := tags.GetDateTime(); err == nil && at.Year() >= 1826 && at.Year() < 10000 {
		t.At = at
	}
	return t, turn
}

func whole(v any) int {
	switch n := v.(type) {
	case uint16:
		return int(n)
	case uint32:
		return int(n)
	case int:
		return n
	case string:
		i, _ := strconv.Atoi(n)
		return i
	}
	return 0
}

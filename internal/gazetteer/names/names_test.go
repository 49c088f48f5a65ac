package names

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestBookGivesBackWhatItGot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.SampledFrom([]string{"", "Paris", "Париж", "San Antonio", "San Antonio del Sur", "京都", "مراكش"}),
			rapid.StringN(0, 20, 60),
		)
		name := rapid.Custom(func(t *rapid.T) Name {
			return Name{text.Draw(t, "text"), rapid.SampledFrom([]string{"de", "fr", "zh_CN"}).Draw(t, "lang")}
		})
		records := rapid.SliceOfN(rapid.SliceOfN(name, 1, 5), 0, 60).Draw(t, "records")
		book := Open(Build(records))
		for i, want := range records {
			if got := book.First(i); got != want[0].Text {
				t.Fatalf("first name of %d: %q, want %q", i, got, want[0].Text)
			}
			got := book.Others(i)
			if len(got) != len(want)-1 || len(got) > 0 && !reflect.DeepEqual(got, want[1:]) {
				t.Fatalf("other names of %d: %q, want %q", i, got, want[1:])
			}
		}
		if got := book.First(len(records) + blockSize); got != "" {
			t.Fatalf("beyond the end: %q", got)
		}
	})
}

func TestFrequentTextsTakeFewBytes(t *testing.T) {
	var records [][]Name
	for range 200 {
		records = append(records, []Name{{Text: "Santiago de Compostela"}})
	}
	_, _, _, texts := Build(records)
	if len(texts) > 200*6 {
		t.Fatalf("%d bytes for 200 equal names", len(texts))
	}
}

// FuzzDamage reads tables that Build never made: any answer, no panic.
func FuzzDamage(f *testing.F) {
	langs, pieces, index, texts := Build([][]Name{{{Text: "Roma"}, {"Rom", "de"}}, {{Text: "Oslo"}}})
	f.Add(langs, pieces, index, texts, 1)
	f.Fuzz(func(t *testing.T, langs, pieces, index, texts []byte, i int) {
		b := Open(langs, pieces, index, texts)
		_ = b.First(i)
		_ = b.Others(i)
	})
}

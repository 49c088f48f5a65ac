package api

import (
	"testing"

	"github.com/pb33f/libopenapi"

	"mirabilia/internal/db/dbtest"
)

// The description is read whole by a library that others wrote: every
// reference leads somewhere, every operation has its answers.
func TestDescription_byAnotherReader(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	doc, err := libopenapi.NewDocument(a.spec)
	if err != nil {
		t.Fatal(err)
	}
	if v := doc.GetVersion(); len(v) < 3 || v[:3] != "3.1" {
		t.Errorf("version %s", v)
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	operations := 0
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			operations++
			if op.OperationId == "" || op.Summary == "" || op.Responses == nil || op.Responses.Codes.Len() == 0 {
				t.Errorf("%s %s: no id, summary or answers", method, path)
			}
		}
	}
	if operations != len(a.Operations()) {
		t.Errorf("%d operations are described, there are %d", operations, len(a.Operations()))
	}
}

package app

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// mapped is how much of files is in this process, in kB.
func mapped(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "RssFile:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Pages of the program's file leave the process, which goes on as before.
func TestUnloadProgram(t *testing.T) {
	least, before := 0, mapped(t)
	for range 5 { // the collector may be reading tables meanwhile
		unloadProgram()
		if n := mapped(t); least == 0 || n < least {
			least = n
		}
	}
	if least > before*9/10 {
		t.Errorf("%d of %d kB are left", least, before)
	}
}

//go:build !race

package finder_test

// raced says that the race detector watches.
const raced = false

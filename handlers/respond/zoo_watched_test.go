//go:build race

package respond_test

// Under the race detector some visits show what all of them would: `make test` has
// the rest without it.
const (
	usualVisits  = 25
	usualBrowses = 1
)

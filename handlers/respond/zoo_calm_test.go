//go:build !race

package respond_test

// How often each scanner visits: all of the corpus, and of those that run scripts,
// which take two to four seconds a letter, some.
const (
	usualVisits  = 1000
	usualBrowses = 3
)

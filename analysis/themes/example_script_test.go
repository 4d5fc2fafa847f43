package themes_test

import (
	"fmt"

	"github.com/harkhq/hark/analysis/themes"
)

func ExampleUnspaced() {
	for _, r := range "快のไé7" {
		fmt.Printf("%c %v\n", r, themes.Unspaced(r))
	}
	// Output:
	// 快 true
	// の true
	// ไ true
	// é false
	// 7 false
}

func ExampleSimplified() {
	for _, r := range "快遞a" {
		fmt.Printf("%c", themes.Simplified(r))
	}
	// Output: 快递a
}

package analysis_test

import (
	"fmt"

	"github.com/harkhq/hark/analysis"
)

func ExamplePlaces() {
	for _, interval := range [][2]float64{{-5.9, -0.48}, {-5.9, 0.48}} {
		places := analysis.Places(interval[0], interval[1])
		fmt.Printf("%.*f to %.*f\n", places, interval[0], places, interval[1])
	}
	// Output:
	// -5.9 to -0.5
	// -6 to 0
}

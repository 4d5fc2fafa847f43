package drivers_test

import (
	"fmt"

	"github.com/harkhq/hark/analysis/drivers"
)

// ExampleReadProducts keeps two days as they were counted, and merges them later.
func ExampleReadProducts() {
	day, _ := survey(200).MarshalBinary()
	week, _ := drivers.NewProducts([]string{"speed", "staff"})
	for range 2 {
		p, err := drivers.ReadProducts([]string{"speed", "staff"}, day)
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := week.Merge(p); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(week.N(), "answers")
	_, err := drivers.ReadProducts([]string{"speed"}, day)
	fmt.Println(err)
	// Output:
	// 400 answers
	// analysis: products: they are not those of 1 columns
}

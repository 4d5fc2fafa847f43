package leaving_test

import (
	"fmt"

	"github.com/harkhq/hark/analysis/leaving"
)

func ExampleStayDays() {
	fmt.Println(leaving.StayDays())
	// Output: [30 60 90]
}

package flow

import "github.com/harkhq/hark/analysis/loyalty"

// StepChangeOf tests steps that so many customers each begin with, and so many
// leave.
func StepChangeOf(customers int64, left []int) (*StepChange, error) {
	var points []loyalty.Point
	for _, n := range left {
		value := 100 * float64(customers-int64(n)) / float64(customers)
		points = append(points, loyalty.Point{Ratio: loyalty.Ratio{N: customers - int64(n), Of: customers, People: customers, Value: &value}})
	}
	return stepChange(points)
}

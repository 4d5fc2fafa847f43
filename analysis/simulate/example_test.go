package simulate_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/harkhq/hark/analysis/simulate"
)

// How often does a 95 % interval of ten answers hold the truth? On average over
// typical populations, at the worst of them; and at the worst of extreme ones.
func ExampleTables() {
	tables, err := simulate.Tables(rand.New(rand.NewPCG(1, 2)), simulate.Size{Samples: []int{10}})
	if err != nil {
		fmt.Println(err)
		return
	}
	coverage := tables[0]
	fmt.Println(coverage.Name)
	fmt.Println(coverage.Header[1]+":", coverage.Rows[0][1])
	fmt.Println(coverage.Header[3]+":", coverage.Rows[0][3])
	// Output:
	// coverage
	// Wald: 89.4%, 82.6%; 40.0%
	// **adjusted Wald**: 95.2%, 93.0%; 94.1%
}

// The full size is that of docs/methods.md.
func ExampleFull() {
	size := simulate.Full()
	fmt.Println(size.Samples, size.Weekly)
	// Output: [10 20 50 100 200] [20 50 100 200]
}

func ExampleTable_Markdown() {
	table := simulate.Table{Name: "rules", Header: []string{"rule", "alarms"}, Rows: [][]string{{"3σ", "10%"}}}
	fmt.Print(table.Markdown())
	// Output:
	// | rule | alarms |
	// |---|---:|
	// | 3σ | 10% |
}

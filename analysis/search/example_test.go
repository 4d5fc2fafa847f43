package search_test

import (
	"fmt"

	"github.com/harkhq/hark/analysis/search"
)

func ExampleParse() {
	q := search.Parse(`"too late" -Müller courier`)
	for _, comment := range []string{
		"The couriers came too late",
		"The courier was late, too",
		"Too late again: the courier, Mr MULLER",
	} {
		fmt.Println(q.Matches(comment), comment)
	}
	// Output:
	// true The couriers came too late
	// false The courier was late, too
	// false Too late again: the courier, Mr MULLER
}

func ExampleTermsOf() {
	fmt.Printf("%q\n", search.TermsOf("Crème brûlée, ＯＫ").Stream)
	terms := search.TermsOf("快遞晚了")
	fmt.Printf("%q, last %q\n", terms.Stream, terms.Ends)
	// Output:
	// ["creme" "brulee" "ok"]
	// ["快递" "递晚" "晚了"], last ["了"]
}

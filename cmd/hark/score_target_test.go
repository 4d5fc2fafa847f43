package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func TestTargetsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plan=free:60,pro:30,team:10":     "plan [free pro team] [60 30 10]",
		" plan = free : 60% , pro : 40 %": "", // the sign belongs to the number
		"plan=free: 60%, pro: 40%":        "plan [free pro] [60 40]",
		"2=a:b:50,c d:50":                 "2 [a:b c d] [50 50]",
		"age=a:33.3,b:33.3,c:33.3":        "age [a b c] [33.3 33.3 33.3]",
		"国家=中国:70,其他:30":                  "国家 [中国 其他] [70 30]",
	} {
		got, err := parseTarget(text)
		if want == "" {
			if err == nil {
				t.Errorf("%q is taken for %v", text, got)
			}
			continue
		}
		if read := fmt.Sprint(got.column, " ", got.values, " ", got.shares); err != nil || read != want {
			t.Errorf("%q is %s, %v; want %s", text, read, err, want)
		}
	}
}

func TestScoreRefusesTargets(t *testing.T) {
	t.Parallel()
	wide := func(column string, n int) string {
		var values []string
		for i := range n {
			values = append(values, fmt.Sprintf("v%d:%v", i, 100/float64(n)))
		}
		return column + "=" + strings.Join(values, ",")
	}
	for _, test := range []struct {
		name    string
		targets []string
		want    string
	}{
		{"no values", []string{"plan"}, `--target "plan" is not written like "plan=free:60,pro:40", shares in percent`},
		{"no column", []string{"=free:100"}, "is not written like"},
		{"no share", []string{"plan=free"}, `has "free" where a value and its share belong, such as "free:60"`},
		{"no value", []string{"plan=free:60,:40"}, `has ":40" where a value and its share belong`},
		{"no number", []string{"plan=free:most,pro:40"}, `gives free the share "most", which is not a percentage over 0`},
		{"not a number", []string{"plan=free:NaN,pro:40"}, `gives free the share "NaN"`},
		{"endless", []string{"plan=free:Inf"}, `gives free the share "Inf"`},
		{"nobody", []string{"plan=free:0,pro:100"}, `gives free the share "0"`},
		{"negative", []string{"plan=free:-20,pro:100"}, `gives free the share "-20"`},
		{"twice", []string{"plan=free:60,free:40"}, "names free twice"},
		{"too little", []string{"plan=free:60,pro:30"}, "has shares that add up to 90, not to 100"},
		{"parts of one", []string{"plan=free:0.6,pro:0.4"}, "has shares that add up to 1, not to 100"},
		{"too much", []string{"plan=free:60,pro:40.2"}, "has shares that add up to 100.2, not to 100"},
		{"an unknown column", []string{"tier=free:100"}, `--target: there is no column "tier"`},
		{"the score", []string{"nps=9:100"}, `--target: "nps" is the score itself`},
		{"a column twice", []string{"plan=free:100", "2=free:100"}, `--target: the column "plan" is given twice`},
		{"too many combinations", []string{wide("plan", 101), wide("country", 100)}, "cross to over 10,000 combinations"},
	} {
		_, _, err := scoring(t, scoreCommand{Target: test.targets}, "nps,plan,country\n9,free,de\n")
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// TestScoreSaysWhyNothingIsWeighted: what the file does not carry is no error, since
// all else of the score is right.
func TestScoreSaysWhyNothingIsWeighted(t *testing.T) {
	t.Parallel()
	body := "nps,plan,country\n" + strings.Repeat("9,free,de\n3,pro,us\n8,free,de\n", 20)
	for _, test := range []struct {
		name, file string
		targets    []string
		want       string
		reason     analysis.Reason
	}{
		{"nobody of a value", body, []string{"plan=free:50,pro:40,team:10"}, `Nobody in the file has the plan "team", and no weight makes up for that`, analysis.EmptyCell},
		{"a value without a share", body + "7,team,de\n7,team,de\n", []string{"plan=free:60,pro:40"}, `2 answers have a plan that the target does not name, "team": give it a share, or leave these rows out.`, unnamed},
		{"one answer", body + "7,team,de\n", []string{"plan=free:60,pro:40"}, `1 answer has a plan that the target does not name, "team"`, unnamed},
		{"many of them", body + "7,a,de\n7,b,de\n7,c,de\n7,d,de\n7,d,de\n", []string{"plan=free:60,pro:40"}, `5 answers have a plan that the target does not name, such as "d", "a", "b": name them all`, unnamed},
		{"more than are remembered", body + remarkedPlans(), []string{"plan=free:60,pro:40"}, `120 answers have a plan that the target does not name`, unnamed},
		{"no value at all", body + "7,,de\n", []string{"plan=free:60,pro:40"}, `1 answer has no plan, so that they cannot be weighted by it`, unnamed},
		{"the second target", body + "7,free,fr\n", []string{"plan=free:60,pro:40", "country=de:50,us:50"}, `1 answer has a country that the target does not name, "fr"`, unnamed},
		{"targets against each other", body, []string{"plan=free:60,pro:40", "country=de:50,us:50"}, "No weights meet all targets", analysis.NotConverged},
		{"few answers", "nps,plan,country\n9,free,de\n3,pro,us\n", []string{"plan=free:60,pro:40"}, "Too few answers to weight: it takes 5, and there are 2.", analysis.TooFewAnswers},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, _, err := scoring(t, scoreCommand{Target: test.targets, Width: 100, Metric: "nps"}, test.file)
			if flat := strings.Join(strings.Fields(out), " "); err != nil || !strings.Contains(flat, test.want) {
				t.Errorf("%v, prints\n%s\nwithout %q", err, out, test.want)
			}
			out, _, err = scoring(t, scoreCommand{Target: test.targets, JSON: true, Metric: "nps"}, test.file)
			if err != nil || !strings.Contains(out, fmt.Sprintf(`"reason": %q`, test.reason)) || strings.Contains(out, "NaN") {
				t.Errorf("as JSON: %v, %s", err, out)
			}
		})
	}
}

// remarkedPlans are answers of more plans than are remembered by name.
func remarkedPlans() string {
	var rows strings.Builder
	for i := range 120 {
		fmt.Fprintf(&rows, "7,tier %d,de\n", i)
	}
	return rows.String()
}

// TestScoreWeighs: the weighted score is the mean of the groups' at the target's
// shares, and two targets give what the analysis says of the crossing.
func TestScoreWeighs(t *testing.T) {
	t.Parallel()
	file := "nps,plan,country\n" + strings.Repeat("10,free,de\n", 60) + strings.Repeat("3,pro,de\n", 20) + strings.Repeat("9,free,us\n", 30) + strings.Repeat("8,pro,us\n", 20)
	one := weighing(t, file, "plan=free:50,pro:50")
	if free, pro := 100.0, -50.0; *one.Score != (free+pro)/2 || one.Unweighted.Score != 100*70.0/130 || one.N != 130 {
		t.Errorf("%+v, of %+v", *one.Score, one.Unweighted)
	}
	two := weighing(t, file, "country=us:50,de:50", "plan=free:50,pro:50")
	cells := []analysis.Cell{
		{Values: []string{"us", "free"}, Counts: surveys.Counts{9: 30}}, {Values: []string{"us", "pro"}, Counts: surveys.Counts{8: 20}},
		{Values: []string{"de", "free"}, Counts: surveys.Counts{10: 60}}, {Values: []string{"de", "pro"}, Counts: surveys.Counts{3: 20}},
	}
	half := func(key, a, b string) analysis.Margin {
		return analysis.Margin{Key: key, Shares: map[string]float64{a: 0.5, b: 0.5}}
	}
	weights, err := analysis.Rake([]analysis.Margin{half("country", "us", "de"), half("plan", "free", "pro")}, cells, analysis.Trim{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := analysis.Weigh(surveys.NPS, cells, weights.Values, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if *two.Score != want.Score || *two.Interval != want.Interval || *two.Effective != want.Effective {
		t.Errorf("%v %+v, want %+v", *two.Score, two, want)
	}
}

// weighing scores a file by targets.
func weighing(t *testing.T, file string, targets ...string) weighted {
	t.Helper()
	out, _, err := scoring(t, scoreCommand{Target: targets, JSON: true, Metric: "nps"}, file)
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Weighted weighted }
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.Weighted.Refused != nil || report.Weighted.Score == nil {
		t.Fatalf("%v, %+v", err, report.Weighted.Refused)
	}
	return report.Weighted
}

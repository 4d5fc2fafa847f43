package loyalty

import (
	"errors"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
)

// Test names how a p-value was had.
type Test string

// The tests.
const (
	PooledZ Test = "pooled_z"
	Fisher  Test = "fisher" // exact; where fewer than five were expected in a cell
	Welch   Test = "welch"
	LogRank Test = "log_rank"
)

// ShareTest compares two shares of people.
type ShareTest struct {
	Members    Ratio   `json:"members"`
	Others     Ratio   `json:"others"`
	Difference float64 `json:"difference"` // members − others, in percentage points
	Low        float64 `json:"low"`        // Newcombe's hybrid score interval
	High       float64 `json:"high"`
	P          float64 `json:"p"`          // two-sided
	PAdjusted  float64 `json:"p_adjusted"` // Holm's, over the tests of the contrast
	Test       Test    `json:"test"`
}

// MeanTest compares two means.
type MeanTest struct {
	Members    float64 `json:"members"`
	Others     float64 `json:"others"`
	Difference float64 `json:"difference"` // members − others
	Low        float64 `json:"low"`        // t interval
	High       float64 `json:"high"`
	DF         float64 `json:"df"`
	P          float64 `json:"p"`
	PAdjusted  float64 `json:"p_adjusted"`
	Test       Test    `json:"test"`
}

// StayTest compares two survival curves.
type StayTest struct {
	survival.LogRank
	PAdjusted float64 `json:"p_adjusted"`
	Test      Test    `json:"test"`
}

// Contrast is a group of people beside the others.
type Contrast struct {
	Kept    ShareTest `json:"kept"`  // who were customers still
	Spent   *MeanTest `json:"spent"` // minor units by person; nil where nobody's spending varied
	Stays   *StayTest `json:"stays"` // nil where nobody left
	Caveats []Caveat  `json:"caveats"`
}

// Against tests whether members of a programme, or of any group g, fared otherwise
// than the others within one span: shares by Newcombe's interval with a pooled z,
// or Fisher's exact test where fewer than five would be expected in a cell;
// amounts by Welch's (1947) t; stays by the log-rank test; and Holm's correction
// over the three. It is never a measure of what the programme did: see
// [SelfSelection]. Under `least` people in a group (0 means 5) it is refused with [analysis.TooFewPeople], by the Name of "members" or "others".
func (g *Group) Against(others *Group, least int64, confidence float64) (Contrast, error) {
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Contrast{}, err
	}
	least, err := leastOf(least)
	if err != nil {
		return Contrast{}, err
	}
	for _, group := range []struct {
		name string
		n    int64
	}{{"members", g.people}, {"others", others.people}} {
		if group.n < least {
			return Contrast{}, &analysis.Refusal{Reason: analysis.TooFewPeople, Name: group.name, Have: float64(group.n), Need: float64(least)}
		}
	}
	kept, err := testShares(g, others, Frame{Least: least, Confidence: confidence})
	if err != nil {
		return Contrast{}, err
	}
	c := Contrast{Kept: kept, Caveats: []Caveat{SelfSelection}}
	c.Spent = testMeans(g.spent, others.spent, confidence)
	rank, err := survival.TestCurves([]survival.Lifetimes{g.stays, others.stays})
	var refusal *analysis.Refusal
	if err == nil {
		c.Stays = &StayTest{LogRank: rank, Test: LogRank}
	} else if !errors.As(err, &refusal) {
		return Contrast{}, err
	}
	return c, c.adjust()
}

// adjust fills in Holm's p-values over the tests that there are.
func (c *Contrast) adjust() error {
	p := []float64{c.Kept.P}
	into := []*float64{&c.Kept.PAdjusted}
	if c.Spent != nil {
		p, into = append(p, c.Spent.P), append(into, &c.Spent.PAdjusted)
	}
	if c.Stays != nil {
		p, into = append(p, c.Stays.P), append(into, &c.Stays.PAdjusted)
	}
	adjusted, err := analysis.Holm(p)
	for i := range adjusted {
		*into[i] = adjusted[i]
	}
	return err
}

// answers writes the group as answers that are good or bad, in which form package
// analysis compares shares.
func (g *Group) answers() surveys.Counts { return surveys.Counts{1: g.people - g.kept, 5: g.kept} }

func testShares(members, others *Group, f Frame) (ShareTest, error) {
	compared, err := analysis.Compare(surveys.CSAT, others.answers(), members.answers(), f.Confidence)
	if err != nil {
		return ShareTest{}, err
	}
	t := ShareTest{
		Members: f.share(members.kept, members.people), Others: f.share(others.kept, others.people),
		Difference: compared.Difference, Low: compared.Low, High: compared.High, P: compared.P, Test: PooledZ,
	}
	if compared.Exact {
		t.Test = Fisher
	}
	return t, nil
}

// testMeans is Welch's t; nil where neither group's values vary.
func testMeans(members, others dist.Sample, confidence float64) *MeanTest {
	w, ok := dist.Welch(others, members, confidence)
	if !ok {
		return nil
	}
	return &MeanTest{
		Members: members.Mean, Others: others.Mean, Difference: w.Difference,
		Low: w.Difference - w.Half, High: w.Difference + w.Half, DF: w.DF, P: w.P, Test: Welch,
	}
}

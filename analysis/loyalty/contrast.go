package loyalty

import (
	"errors"
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
)

// TooFewPeople refuses a comparison: a group has Have people of Need. Name is
// "members" or "others".
const TooFewPeople analysis.Reason = "too_few_people"

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
// [SelfSelection]. Under `least` people in a group it is refused; 0 means 5.
func (g *Group) Against(others *Group, least int64, confidence float64) (Contrast, error) {
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Contrast{}, err
	}
	if least < 0 {
		return Contrast{}, analysis.Refuse("least", "%d people cannot be below zero", least)
	}
	if least == 0 {
		least = defaultLeast
	}
	for _, group := range []struct {
		name string
		n    int64
	}{{"members", g.people}, {"others", others.people}} {
		if group.n < least {
			return Contrast{}, &analysis.Refusal{Reason: TooFewPeople, Name: group.name, Have: float64(group.n), Need: float64(least)}
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

func testShares(members, others *Group, f Frame) (ShareTest, error) {
	a, b := members.kept, members.people
	c, d := others.kept, others.people
	compared, err := analysis.Compare(surveys.CSAT, asCounts(c, d), asCounts(a, b), f.Confidence)
	if err != nil {
		return ShareTest{}, err
	}
	t := ShareTest{
		Members: f.share(a, b), Others: f.share(c, d), Difference: compared.Difference,
		Low: compared.Low, High: compared.High, P: compared.P, Test: PooledZ,
	}
	kept, gone, n := float64(a+c), float64(b+d-a-c), float64(b+d)
	if min(kept, gone)*float64(min(b, d))/n < 5 {
		t.P, t.Test = fisher(a, b, c, d), Fisher
	}
	return t, nil
}

// fisher is the exact two-sided p of a of b against c of d: the chance, with the
// margins fixed, of all tables no likelier than this one (as R's fisher.test). It
// is asked for where a margin is small, so the tables are few.
func fisher(a, b, c, d int64) float64 {
	kept := a + c
	whole := logChoose(b+d, kept)
	chance := func(k int64) float64 {
		return math.Exp(logChoose(b, k) + logChoose(d, kept-k) - whole)
	}
	// Equal chances may differ in their last digits.
	most := chance(a) * (1 + 1e-7)
	p := 0.0
	for k := max(0, kept-d); k <= min(b, kept); k++ {
		if x := chance(k); x <= most {
			p += x
		}
	}
	return min(1, p)
}

func logChoose(n, k int64) float64 {
	whole, _ := math.Lgamma(float64(n + 1))
	in, _ := math.Lgamma(float64(k + 1))
	out, _ := math.Lgamma(float64(n - k + 1))
	return whole - in - out
}

// testMeans is Welch's t with Satterthwaite's degrees of freedom; nil where
// neither group's values vary.
func testMeans(a, b moments, confidence float64) *MeanTest {
	va, vb := a.ofMean(), b.ofMean()
	v := va + vb
	if v == 0 || math.IsInf(v, 1) {
		return nil
	}
	t := &MeanTest{Members: a.mean, Others: b.mean, Difference: a.mean - b.mean, Test: Welch}
	t.DF = v * v / (va*va/(a.n-1) + vb*vb/(b.n-1))
	se := math.Sqrt(v)
	half := dist.T(confidence, t.DF) * se
	t.Low, t.High = t.Difference-half, t.Difference+half
	t.P = dist.TwoSidedT(t.Difference/se, t.DF)
	return t
}

package analysis

import (
	"math"
	"slices"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// The methods that only a difference has, beside [AdjustedWald], [Newcombe] and
// [Wald].
const (
	// Mover is the hybrid of two score intervals for a difference of two NPS
	// (method of variance estimates recovery, Zou & Donner 2008): never beyond the
	// scale, and as good as adjusted Wald, at a thousand times the work.
	Mover Method = "mover"
	// AgrestiCaffo adds one success and one failure to each group before the normal
	// interval of a difference of two shares (Agresti & Caffo 2000).
	AgrestiCaffo Method = "agresti-caffo"
)

// CompareMethods lists how the interval of a difference can be made, the default
// first; none for a metric that there is not.
func CompareMethods(m surveys.Metric) []Method {
	switch {
	case !m.Valid():
		return nil
	case m.Scale().Net:
		return []Method{AdjustedWald, Mover, Wald}
	}
	return []Method{Newcombe, AgrestiCaffo, Wald}
}

// CompareBy is [Compare] with the interval by a method of the caller's choice, one
// of [CompareMethods]. Z and P stay those of Compare, but for Wald's of two NPS,
// which are d/√(v_a/n_a + v_b/n_b): for comparison only, since it alarms at one
// quiet pair in twelve of ten answers each. Where neither group varies at all,
// Wald has no z, and Z is 0 and P is 1 for equal scores; unequal ones are refused
// as [NoVariation].
func CompareBy(method Method, m surveys.Metric, a, b surveys.Counts, confidence float64) (Difference, error) {
	d, err := Compare(m, a, b, confidence)
	if err != nil {
		return Difference{}, err
	}
	if methods := CompareMethods(m); !slices.Contains(methods, method) {
		return Difference{}, Refuse("method", "%q is not one of %v, which differences of %s have", string(method), methods, m)
	}
	before, after := bandsOf(m.Scale(), a), bandsOf(m.Scale(), b)
	z := dist.Z(confidence)
	switch method {
	case Wald:
		return waldDifference(before, after, d)
	case Mover:
		lb, ub := before.mass().scoreInterval(z)
		la, ua := after.mass().scoreInterval(z)
		d.Low = d.Difference - math.Hypot(after.score()-la, ub-before.score())
		d.High = d.Difference + math.Hypot(ua-after.score(), before.score()-lb)
	case AgrestiCaffo:
		nb, na := float64(before.n())+2, float64(after.n())+2
		pb, pa := (float64(before.good)+1)/nb, (float64(after.good)+1)/na
		half := z * math.Sqrt(pb*(1-pb)/nb+pa*(1-pa)/na)
		d.Low, d.High = 100*(pa-pb-half), 100*(pa-pb+half)
	}
	d.Method = method
	return d, nil
}

// NoVariation is the reason of a test that has nothing to measure a difference
// by: everybody in a group said the same. Have and Need are deviations.
const NoVariation Reason = "no_variation"

// waldDifference replaces the interval of a difference by the plain normal one,
// and for two net scores the test too.
func waldDifference(before, after bands, d Difference) (Difference, error) {
	se := math.Sqrt(before.variance()/float64(before.n()) + after.variance()/float64(after.n()))
	half := dist.Z(d.Confidence) * se
	d.Method, d.Low, d.High = Wald, d.Difference-half, d.Difference+half
	switch {
	case !before.net:
	case se > 0:
		d.Z, d.P = d.Difference/se, dist.TwoSided(d.Difference/se)
	case d.Difference == 0:
		d.Z, d.P = 0, 1
	default:
		return Difference{}, &Refusal{Reason: NoVariation}
	}
	return d, nil
}

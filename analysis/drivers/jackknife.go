package drivers

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
)

// merged are the moments of all parts.
func merged(parts []moments, columns int) moments {
	all := newMoments(columns)
	for _, part := range parts {
		all.merge(part)
	}
	return all
}

// replicates are the estimates with one shard left out each.
type replicates struct {
	values [][]float64 // by shard: the drivers' shares and, last, R², adjusted
	ratio  []float64   // by shard: all rows by the shard's
}

// leaveOneOut splits R² again without each shard. What is left is merged from
// the shards before and those after, not subtracted, which keeps its digits.
func (s split) leaveOneOut(parts []moments) replicates {
	columns := len(s.order) + 1
	after := make([]moments, len(parts)+1) // after[i] merges parts[i:]
	after[len(parts)] = newMoments(columns)
	for i := len(parts) - 1; i >= 0; i-- {
		after[i] = after[i+1].clone()
		after[i].merge(parts[i])
	}
	var r replicates
	before := newMoments(columns)
	for i, part := range parts {
		if part.n > 0 {
			rest := before.clone()
			rest.merge(after[i+1])
			r.values = append(r.values, s.shares(rest))
			r.ratio = append(r.ratio, float64(after[0].n)/float64(part.n))
		}
		before.merge(part)
	}
	return r
}

// shares are each driver's part of R², and R² itself, adjusted.
func (s split) shares(m moments) []float64 {
	c := m.correlate(s.order)
	weights, _ := s.weigh(c)
	shares := make([]float64, len(s.names)+1)
	var r2 float64
	for _, w := range weights {
		r2 += w
	}
	for j, w := range weights {
		if r2 > 0 {
			shares[j] = w / r2
		}
	}
	shares[len(s.names)] = adjusted(r2, m.n, c.k)
	return shares
}

// adjusted takes from R² what k columns of noise would have added to it.
func adjusted(r2 float64, n int64, k int) float64 {
	return 1 - (1-r2)*float64(n-1)/float64(n-int64(k)-1)
}

// interval is that of the j-th value, whose estimate from all rows is given:
// with h = n/m for a shard of m rows, pseudo-values θ̃ = h·θ − (h−1)·θ₋, their
// centre θJ = G·θ − Σ(1−1/h)θ₋, and the variance Σ(θ̃−θJ)²/(h−1)/G.
func (r replicates) interval(j int, estimate, confidence float64) analysis.Interval {
	g := float64(len(r.values))
	theta := logit(estimate)
	centre := g * theta
	for i, left := range r.values {
		centre -= (1 - 1/r.ratio[i]) * logit(left[j])
	}
	var variance float64
	for i, left := range r.values {
		h := r.ratio[i]
		d := h*theta - (h-1)*logit(left[j]) - centre
		variance += d * d / (h - 1) / g
	}
	half := dist.T(confidence, g-1) * math.Sqrt(variance)
	// Beyond logit's edges the estimate is nearer to 0 or 1 than its interval.
	low, high := min(estimate, dist.Logistic(theta-half)), max(estimate, dist.Logistic(theta+half))
	return analysis.Interval{Low: low, High: high, Confidence: confidence, Method: Jackknife}
}

// logit takes a share to the whole line; shares of 0 and 1 stay finite.
func logit(p float64) float64 {
	const edge = 1e-9
	p = max(edge, min(1-edge, p))
	return math.Log(p / (1 - p))
}

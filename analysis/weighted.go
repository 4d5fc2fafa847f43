package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// Weighted is a score of weighted answers, beside the plain one: what differs
// between them is who answered.
type Weighted struct {
	N            int64 // answers
	Score        float64
	Mean         float64  // of the raw choices
	Effective    float64  // (Σw)²/Σw²: answers that they are worth
	DesignEffect float64  // N/Effective
	Error        float64  // of Score after Kish: √(v/Effective), the safe one
	Linearised   float64  // of Score, the weights taken as given
	Calibrated   float64  // of Score, knowing that the weights meet the margins of the cells' values
	Interval     Interval // of Score: the metric's default, of Effective answers
	Unweighted   Estimate
}

// Weigh scores cells of answers, each with its weight; only their proportions
// matter, and [Rake] makes them. With w a weight and x what an answer counts (−1,
// 0, +1; of a share 0, 1),
//
//	e = Σwx/Σw,  v = Σw(x−e)²/Σw,  Kish's SE = √(v·Σw²)/Σw
//	linearised SE = √( n/(n−1) · Σ(w(x−e))² )/Σw
//
// (Kish 1965, Survey Sampling; Lumley 2010, Complex Surveys). Calibrated takes
// from the terms w(x−e) what the margins explain, in turn until nothing is left,
// as R's survey does for raked designs; it is right only where [Weights.Missed]
// is 0, and equals the linearised one for cells without values.
//
// A weight that is not positive, and values of unequal length, are refused; under
// two answers is a [Refusal].
func Weigh(m surveys.Metric, cells []Cell, weights []float64, confidence float64) (Weighted, error) {
	plain, err := weighable(m, cells, weights, confidence)
	if err != nil {
		return Weighted{}, err
	}
	s := newWeighing(m, cells, weights)
	result := Weighted{N: plain.N, Unweighted: plain}
	result.Score = s.whole.score()
	result.Mean = s.choices / s.weight
	result.Effective = s.weight * s.weight / s.squares
	result.DesignEffect = float64(plain.N) / result.Effective
	result.Error = math.Sqrt(s.whole.variance() / result.Effective)
	result.Linearised = s.linearised(nil)
	result.Calibrated = s.linearised(cells)
	result.Interval = s.whole.times(result.Effective / s.weight).defaultInterval(confidence)
	return result, nil
}

// weighable checks what is to be weighed, and scores it without weights.
func weighable(m surveys.Metric, cells []Cell, weights []float64, confidence float64) (Estimate, error) {
	if len(weights) != len(cells) {
		return Estimate{}, Refuse("weights", "%d for %d cells", len(weights), len(cells))
	}
	var all surveys.Counts
	for i, cell := range cells {
		if err := checkCounts(m, cell.Counts); err != nil {
			return Estimate{}, err
		}
		if !(weights[i] > 0) || math.IsInf(weights[i], 0) {
			return Estimate{}, Refuse("weights", "%v is no weight", weights[i])
		}
		all.Add(cell.Counts)
		if err := checkCounts(m, all); err != nil {
			return Estimate{}, err
		}
	}
	if len(cells) > 0 {
		if _, _, err := cellSizes(cells, len(cells[0].Values)); err != nil {
			return Estimate{}, err
		}
	}
	plain, err := Score(m, all, confidence)
	if err == nil && plain.N < 2 {
		err = &Refusal{Reason: TooFewAnswers, Have: float64(plain.N), Need: 2}
	}
	return plain, err
}

// weighing holds the sums of weighted answers.
type weighing struct {
	cells   []mass    // answers by band
	weights []float64 // of the cells' answers; the greatest that counts is 1
	whole   mass      // weighted answers by band
	n       float64
	weight  float64 // Σw
	squares float64 // Σw²
	choices float64 // Σw·choice
}

func newWeighing(m surveys.Metric, cells []Cell, weights []float64) *weighing {
	s := &weighing{cells: make([]mass, len(cells)), weights: make([]float64, len(cells))}
	s.whole.net = m.Scale().Net
	var greatest float64
	for i, w := range weights {
		if cells[i].Counts.N() > 0 {
			greatest = math.Max(greatest, w)
		}
	}
	for i, cell := range cells {
		a, w := bandsOf(m.Scale(), cell.Counts).mass(), weights[i]/greatest
		if a.n() == 0 {
			w = 0 // whose weight may be greater than any that counts
		}
		s.cells[i], s.weights[i] = a, w
		s.whole = s.whole.add(a.times(w))
		s.n += a.n()
		s.weight += w * a.n()
		s.squares += w * w * a.n()
		for score, k := range cell.Counts {
			s.choices += w * float64(k) * float64(score)
		}
	}
	return s
}

// linearised is √( n/(n−1) · Σ(u−ū)² )/Σw in points, with u = w(x−e) less what
// the margins of the given cells explain of it.
func (s *weighing) linearised(margins []Cell) float64 {
	e := s.whole.score() / 100
	shift := s.explained(margins, e)
	var sum, squares float64
	for i, a := range s.cells {
		bad := 0.0 // what a bad answer counts
		if a.net {
			bad = -1
		}
		for _, part := range [...]struct{ n, x float64 }{{a.bad, bad}, {a.mid, 0}, {a.good, 1}} {
			u := s.weights[i] * (part.x - e - shift[i])
			sum += part.n * u
			squares += part.n * u * u
		}
	}
	return 100 * math.Sqrt(s.n/(s.n-1)*math.Max(0, squares-sum*sum/s.n)) / s.weight
}

// explained is, for each cell, the sum of the margins' effects on x−e: group
// means, taken off margin by margin until nothing is left to explain.
func (s *weighing) explained(cells []Cell, e float64) []float64 {
	shift := make([]float64, len(s.cells))
	if len(cells) == 0 {
		return shift
	}
	for range 50 {
		var moved float64
		for k := range cells[0].Values {
			sums, sizes := map[string]float64{}, map[string]float64{}
			for i, a := range s.cells {
				value := cells[i].Values[k]
				sums[value] += a.total() - a.n()*(e+shift[i])
				sizes[value] += a.n()
			}
			for i := range s.cells {
				value := cells[i].Values[k]
				if sizes[value] > 0 {
					step := sums[value] / sizes[value]
					shift[i] += step
					moved = math.Max(moved, math.Abs(step))
				}
			}
		}
		if moved < 1e-15 {
			break
		}
	}
	return shift
}

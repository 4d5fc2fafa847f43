package themes

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// line is a linear classifier: good where w·x + b > 0.
type line struct {
	w []float64
	b float64
}

// margins returns w·x + b of each row.
func (l line) margins(m rows) []float64 {
	f := make([]float64, len(m.from)-1)
	for i := range f {
		f[i] = l.b
		for k := m.from[i]; k < m.from[i+1]; k++ {
			f[i] += l.w[m.columns[k]] * m.values[k]
		}
	}
	return f
}

// logistic is the loss of a regularised logistic regression,
//
//	Σ_i c_i·ln(1 + e^{−y_i(w·x_i + b)}) / n  +  |w|² / (2·strength·n)
//
// with y = ±1 and c_i the class weights that make both classes count alike,
// n/(2·n_class). The loss is convex: there is one minimum, whoever finds it.
type logistic struct {
	x        rows
	classes  []class
	weight   [2]float64 // of a bad and a good one
	columns  int
	strength float64

	at      []float64 // where margins were computed last
	margins []float64
}

func newLogistic(x rows, classes []class, columns int, strength float64) *logistic {
	n := float64(len(classes))
	var positive float64
	for _, c := range classes {
		positive += float64(c)
	}
	return &logistic{
		x: x, classes: classes, columns: columns, strength: strength,
		weight: [2]float64{n / (2 * math.Max(n-positive, 1)), n / (2 * math.Max(positive, 1))},
	}
}

// look computes the margins at a point, unless they are of that point already:
// the optimiser asks for the value and the slope of the same place in turn.
func (l *logistic) look(p []float64) {
	if l.at != nil && slices.Equal(l.at, p) {
		return
	}
	l.at = append(l.at[:0], p...)
	l.margins = line{w: p[:l.columns], b: p[l.columns]}.margins(l.x)
}

func (l *logistic) value(p []float64) float64 {
	l.look(p)
	var loss, squares float64
	for i, f := range l.margins {
		c, y := l.side(i)
		loss += c * softplus(-y*f)
	}
	for _, w := range p[:l.columns] {
		squares += w * w
	}
	n := float64(len(l.classes))
	return loss/n + squares/(2*l.strength*n)
}

func (l *logistic) slope(grad, p []float64) {
	l.look(p)
	n := float64(len(l.classes))
	for j, w := range p[:l.columns] {
		grad[j] = w / (l.strength * n)
	}
	grad[l.columns] = 0
	for i, f := range l.margins {
		c, y := l.side(i)
		d := -c * y * sigmoid(-y*f) / n
		for k := l.x.from[i]; k < l.x.from[i+1]; k++ {
			grad[l.x.columns[k]] += d * l.x.values[k]
		}
		grad[l.columns] += d
	}
}

// side is the weight and the sign of a comment's class.
func (l *logistic) side(i int) (c, y float64) {
	return l.weight[l.classes[i]], float64(2*l.classes[i] - 1)
}

// maxSteps bounds the optimiser; it needs 20–60 on comments.
const maxSteps = 200

// fit finds the minimum by L-BFGS, from zero. The optimiser's own complaint, that
// it can get no lower within the float's precision, is no reason to refuse the
// place where it stands.
func (l *logistic) fit() line {
	start := make([]float64, l.columns+1)
	problem := optimize.Problem{Func: l.value, Grad: l.slope}
	settings := &optimize.Settings{GradientThreshold: 1e-5, MajorIterations: maxSteps}
	result, err := optimize.Minimize(problem, start, settings, &optimize.LBFGS{})
	if result == nil || err != nil && len(result.X) == 0 {
		return line{w: start[:l.columns]}
	}
	return line{w: result.X[:l.columns], b: result.X[l.columns]}
}

// softplus is ln(1 + e^x) without overflow.
func softplus(x float64) float64 {
	if x > 30 {
		return x
	}
	return math.Log1p(math.Exp(x))
}

// sigmoid is 1/(1 + e^−x).
func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

package themes

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// class is the band of the score beside a comment.
type class int

const (
	isBad class = iota
	isMiddle
	isGood
)

// plane is a linear classifier of k classes: of class c, the score of a comment x
// is w[c·(columns+1)…]·x plus the number that follows.
type plane struct {
	w       []float64
	k       int
	columns int
}

// scores returns those of every row, k numbers a row.
func (l plane) scores(m rows) []float64 {
	n := len(m.from) - 1
	all := make([]float64, n*l.k)
	for i := range n {
		for c := range l.k {
			w := l.w[c*(l.columns+1):]
			score := w[l.columns]
			for at := m.from[i]; at < m.from[i+1]; at++ {
				score += w[m.columns[at]] * m.values[at]
			}
			all[i*l.k+c] = score
		}
	}
	return all
}

// logistic is the loss of a regularised multinomial logistic regression,
//
//	−Σ_i v_i·ln p_i(y_i) / n  +  |w|² / (2·strength·n),  p_i = softmax(scores of i)
//
// with v_i the class weights that make all classes count alike, n/(k·n_class).
// The loss is convex: there is one minimum, whoever finds it.
type logistic struct {
	x        rows
	y        []int // the class of each row, 0…k−1
	weight   []float64
	k        int
	columns  int
	strength float64

	at     []float64 // where scores were computed last
	scores []float64
}

func newLogistic(x rows, y []int, k, columns int) *logistic {
	l := &logistic{x: x, y: y, weight: make([]float64, k), k: k, columns: columns, strength: strength}
	for _, c := range y {
		l.weight[c]++
	}
	for c, n := range l.weight {
		l.weight[c] = float64(len(y)) / (float64(k) * math.Max(n, 1))
	}
	return l
}

// look computes the scores at a point, unless they are of that point already: the
// optimiser asks for the value and the slope of the same place in turn.
func (l *logistic) look(p []float64) {
	if l.at != nil && slices.Equal(l.at, p) {
		return
	}
	l.at = append(l.at[:0], p...)
	l.scores = plane{w: p, k: l.k, columns: l.columns}.scores(l.x)
}

func (l *logistic) value(p []float64) float64 {
	l.look(p)
	var loss, squares float64
	for i, y := range l.y {
		scores := l.scores[i*l.k : (i+1)*l.k]
		loss += l.weight[y] * (logSum(scores) - scores[y])
	}
	for c := range l.k {
		for _, w := range p[c*(l.columns+1):][:l.columns] {
			squares += w * w
		}
	}
	n := float64(len(l.y))
	return loss/n + squares/(2*l.strength*n)
}

func (l *logistic) slope(grad, p []float64) {
	l.look(p)
	n := float64(len(l.y))
	for j, w := range p {
		grad[j] = w / (l.strength * n)
	}
	for c := range l.k {
		grad[c*(l.columns+1)+l.columns] = 0 // the constants are not held down
	}
	for i, y := range l.y {
		scores := l.scores[i*l.k : (i+1)*l.k]
		sum := logSum(scores)
		for c, score := range scores {
			d := math.Exp(score - sum)
			if c == y {
				d--
			}
			d *= l.weight[y] / n
			g := grad[c*(l.columns+1):]
			for at := l.x.from[i]; at < l.x.from[i+1]; at++ {
				g[l.x.columns[at]] += d * l.x.values[at]
			}
			g[l.columns] += d
		}
	}
}

// maxSteps bounds the optimiser; it needs 20–60 on comments.
const maxSteps = 200

// fit finds the minimum by L-BFGS, from zero. The optimiser's own complaint, that
// it can get no lower within the float's precision, is no reason to refuse the
// place where it stands.
func (l *logistic) fit() plane {
	start := make([]float64, l.k*(l.columns+1))
	problem := optimize.Problem{Func: l.value, Grad: l.slope}
	settings := &optimize.Settings{GradientThreshold: 1e-5, MajorIterations: maxSteps}
	result, err := optimize.Minimize(problem, start, settings, &optimize.LBFGS{})
	if result == nil || err != nil && len(result.X) == 0 {
		return plane{w: start, k: l.k, columns: l.columns}
	}
	return plane{w: result.X, k: l.k, columns: l.columns}
}

// logSum is ln Σ e^x without overflow.
func logSum(x []float64) float64 {
	top := slices.Max(x)
	var sum float64
	for _, v := range x {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}

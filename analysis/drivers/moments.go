package drivers

// moments hold the number of some rows, the means of their columns, and the
// sums of products of deviations from those means, lower triangle by rows. About
// the mean, and not about zero, so that a column of large values with a small
// spread keeps its digits.
type moments struct {
	n        int64
	mean     []float64
	products []float64 // Σ(xᵢ−x̄ᵢ)(xⱼ−x̄ⱼ) at i(i+1)/2+j, j ≤ i
}

func newMoments(columns int) moments {
	return moments{mean: make([]float64, columns), products: make([]float64, columns*(columns+1)/2)}
}

// add takes one more row in (Welford 1962): with d the deviation from the old
// mean, the products grow by d·dᵀ·(n−1)/n. The row is overwritten.
func (m *moments) add(row []float64) {
	m.n++
	inverse := 1 / float64(m.n)
	for i, mean := range m.mean {
		row[i] -= mean
		m.mean[i] = mean + row[i]*inverse
	}
	m.grow(row, 1-inverse)
}

// merge takes other rows in (Chan, Golub & LeVeque 1979).
func (m *moments) merge(o moments) {
	if o.n == 0 {
		return
	}
	n := float64(m.n + o.n)
	d := make([]float64, len(m.mean))
	for i := range d {
		d[i] = o.mean[i] - m.mean[i]
		m.mean[i] += d[i] * (float64(o.n) / n)
	}
	for i, p := range o.products {
		m.products[i] += p
	}
	m.grow(d, float64(m.n)*(float64(o.n)/n))
	m.n += o.n
}

// grow adds f·d·dᵀ to the products.
func (m *moments) grow(d []float64, f float64) {
	at := 0
	for i, v := range d {
		line := m.products[at : at+i+1]
		v *= f
		for j := range line {
			line[j] += v * d[j]
		}
		at += i + 1
	}
}

// clone copies m, so that merging into one leaves the other.
func (m moments) clone() moments {
	return moments{n: m.n, mean: append([]float64(nil), m.mean...), products: append([]float64(nil), m.products...)}
}

// variance is that of a column, over n.
func (m moments) variance(i int) float64 { return m.products[i*(i+1)/2+i] / float64(m.n) }

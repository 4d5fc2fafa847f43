package drivers

import (
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// rowsOf are ratings of k drivers from 1 to 7 and a score, again and again.
func rowsOf(k, n int) ([][]float64, []float64) {
	x, y := make([][]float64, n), make([]float64, n)
	for i := range x {
		x[i] = make([]float64, k)
		for j := range x[i] {
			x[i][j] = float64(1 + (i*(j+3)+i*i/(j+2))%7)
			y[i] += x[i][j] / float64(k)
		}
		y[i] += float64(i % 3)
	}
	return x, y
}

// BenchmarkAdd is the pass over the rows; sums says how many times as long it
// takes as only to add the same values up.
func BenchmarkAdd(b *testing.B) {
	for name, k := range map[string]int{"5 drivers": 5, "15 drivers": 15} {
		b.Run(name, func(b *testing.B) {
			x, y := rowsOf(k, 1000)
			p := many(b, k, 0)
			b.ReportAllocs()
			n := 0
			for ; b.Loop(); n++ {
				if err := p.Add(x[n%1000], y[n%1000]); err != nil {
					b.Fatal(err)
				}
			}
			taken := b.Elapsed()
			start, sums := time.Now(), make([]float64, k+1)
			for i := range n {
				for j, v := range x[i%1000] {
					sums[j] += v
				}
				sums[k] += y[i%1000]
			}
			plain := time.Since(start)
			b.ReportMetric(float64(n)/taken.Seconds()/1e6, "Mrows/s")
			b.ReportMetric(taken.Seconds()/plain.Seconds(), "sums")
		})
	}
}

// BenchmarkLMG is one split of R² over all 2¹⁵ subsets.
func BenchmarkLMG(b *testing.B) {
	p := many(b, 15, 1000)
	s := golden.Must(p.split(Options{}))
	c := merged(p.shards, 16).correlate(s.order)
	b.ReportAllocs()
	for b.Loop() {
		lmg(c, s.bounds)
	}
}

// BenchmarkImportance is the whole result, with the 51 splits of its intervals.
func BenchmarkImportance(b *testing.B) {
	for name, k := range map[string]int{"5 drivers": 5, "15 drivers": 15, "40 drivers by Johnson": 40} {
		b.Run(name, func(b *testing.B) {
			p := many(b, k, 1000)
			b.ReportAllocs()
			for b.Loop() {
				golden.Must(Importance(p, Options{}))
			}
		})
	}
}

// BenchmarkPatterns is the pass over the rows for [ProportionalOdds].
func BenchmarkPatterns(b *testing.B) {
	x, y := rowsOf(5, 1000)
	p := golden.Must(NewPatterns([]string{"a", "b", "c", "d", "e"}, surveys.NPS.Scale()))
	b.ReportAllocs()
	n := 0
	for ; b.Loop(); n++ {
		if err := p.Add(x[n%1000], int(y[n%1000]), 1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

// BenchmarkProportionalOdds is a fit of 16,807 patterns, all there are of five
// drivers from 1 to 7.
func BenchmarkProportionalOdds(b *testing.B) {
	p := golden.Must(NewPatterns([]string{"a", "b", "c", "d", "e"}, surveys.NPS.Scale()))
	x := make([]float64, 5)
	for i := range 7 * 7 * 7 * 7 * 7 {
		score := i % 5
		for j, rest := 0, i; j < 5; j, rest = j+1, rest/7 {
			x[j] = float64(1 + rest%7)
			score += rest % 7 / (3 + j)
		}
		if err := p.Add(x, min(10, score+2), 1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		golden.Must(ProportionalOdds(p, 0))
	}
}

package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// power is the chance with which Needed answers find their difference.
const power = 0.8

// aimed is what is aimed at for that where the stretch is Laney's factor, which weeks
// only estimate, and which the very change that is looked for raises a little: so
// much of the chance is lost on the way.
const aimed = 0.9

// needed says how many answers per period would confirm the difference seen, or
// one twice the size that matters if less was seen.
func (b *build) needed(difference float64, heard alarm) *Needed {
	return b.confirming(math.Max(math.Abs(difference), 2*b.in.Limits.Change), heard)
}

// confirming says how many answers per period would confirm a difference of so
// many points by the gates that are asked; nil for one of none. The interval is
// stretched as the verdict does it. What makes weeks vary more than chance makes
// periods vary too, so that Laney's factor counts for the chance of missing it as
// well:
//
//	n = 2v·f²·(u·z_{α/2} + z_β)²/d² − 3, u·f the stretch
func (b *build) confirming(points float64, heard alarm) *Needed {
	if checkSample(0, points, b.in.Confidence) != nil {
		return nil
	}
	aim := dist.ZPower(aimed)
	if heard == unasked() {
		aim = dist.ZPower(power)
	}
	variance := b.now.add(b.before).oneAnswer() * heard.unrest * heard.unrest
	z := heard.stretch/heard.unrest*dist.Z(b.in.Confidence) + aim
	n := 2*variance*z*z/(points*points) - 3
	if b.in.Against == PeriodBefore && heard.gate != Unknown {
		n = math.Max(n, b.ringing(variance/(points*points)))
	}
	return &Needed{Points: points, N: sampleSize(n)}
}

// ringing says how many answers a period needs so that the control chart's EWMA,
// which forgets, stands beyond its limit at the end of it. Variance is that of one
// answer in units of the difference. Over k weeks of n/k answers the EWMA moves by
// 1 − (1−λ)^k of a difference, and its variance is λ/(2−λ) of a week's:
//
//	n = k·v·λ/(2−λ)·(L + z_β)²/(1 − (1−λ)^k)²
func (b *build) ringing(variance float64) float64 {
	lambda := DefaultControl().Lambda
	weeks := math.Max(1, math.Floor(float64(b.in.To-b.in.From)/7))
	moved := 1 - math.Pow(1-lambda, weeks)
	z := (lasting + dist.ZPower(power)) / moved
	return weeks * variance * lambda / (2 - lambda) * z * z
}

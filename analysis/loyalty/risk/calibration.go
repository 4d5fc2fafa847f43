package risk

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty/internal/fit"
)

// Tenth is people of like risk, and how many of them left: a row of the table by
// which a forecast can be checked by eye.
type Tenth struct {
	From     float64 `json:"from"` // the lowest risk among them, 0…1
	To       float64 `json:"to"`   // the highest
	N        int64   `json:"n"`
	Foretold float64 `json:"foretold"` // mean risk, 0…1
	Lost     int64   `json:"lost"`
	Seen     float64 `json:"seen"` // Lost/N
	Low      float64 `json:"low"`  // Wilson's interval of Seen
	High     float64 `json:"high"`
}

// Calibration asks whether the risks are as large as they claim.
type Calibration struct {
	// Slope is β₁ of the regression of the outcome on the forecast's log odds: 1 is
	// right; under 1 the high risks are too high and the low ones too low, as of a
	// model that learned its own people by heart (Cox 1958).
	Slope      float64 `json:"slope"`
	SlopeError float64 `json:"slope_error"`
	Intercept  float64 `json:"intercept"` // β₀ of the same
	// Foretold and Seen are the mean risk and the share that left.
	Foretold float64 `json:"foretold"`
	Seen     float64 `json:"seen"`
	Tenths   []Tenth `json:"tenths"`
	// ChiSquare is Hosmer & Lemeshow's (1980), Σ (O−E)²/(n·p̄(1−p̄)) over the
	// tenths, with as many degrees of freedom as tenths, since nothing was fitted
	// to these people. In large samples it calls the smallest error significant.
	ChiSquare float64 `json:"chi_square"`
	DF        int     `json:"df"`
	P         float64 `json:"p"`
}

// calibrate measures it on forecasts in order of risk, of whom some left and
// some stayed.
func calibrate(list []forecast, confidence float64) (Calibration, error) {
	var c Calibration
	for _, f := range list {
		c.Foretold += f.risk / float64(len(list))
		c.Seen += f.lost / float64(len(list))
	}
	slope, intercept, err := recalibration(list)
	if err != nil {
		return Calibration{}, err
	}
	c.Slope, c.SlopeError, c.Intercept = slope.Coefficient, slope.Error, intercept.Coefficient
	for _, group := range tenths(list) {
		t := newTenth(group, confidence)
		c.Tenths = append(c.Tenths, t)
		if v := float64(t.N) * t.Foretold * (1 - t.Foretold); v > 0 {
			d := float64(t.Lost) - float64(t.N)*t.Foretold
			c.ChiSquare += d * d / v
			c.DF++
		}
	}
	c.P = dist.ChiSquareTail(c.ChiSquare, c.DF)
	return c, nil
}

// recalibration regresses the outcome on the forecast's log odds.
func recalibration(list []forecast) (slope, intercept Term, err error) {
	design, err := fit.NewDesign([]string{"risk"}, len(list), func(i int) []float64 { return []float64{list[i].linear} })
	if err != nil {
		return Term{}, Term{}, err
	}
	cases := make([]Case, len(list))
	for i, f := range list {
		cases[i].Lost = f.lost == 1
	}
	top, err := fit.Maximise(2, func(beta []float64) fit.Point { return logitPoint(beta, cases, design) })
	if err != nil {
		return Term{}, Term{}, err
	}
	var m Logit
	m.unscale(top, design)
	return m.Terms[0], m.Intercept, nil
}

// Recalibrate brings the level and the spread of the risks to what a sample
// shows: the outcome's regression on the model's log odds, put in place of them
// (Cox 1958). Which people have the higher risk stays as it was. The sample must
// be later than what the model was fitted on, and a validation later still; the
// errors of the odds do not know of this step. It is refused under 50 people who
// left or stayed, and where the sample shows no link or the opposite.
func (m Logit) Recalibrate(on Sample) (Logit, error) {
	if err := m.checkLater(on); err != nil {
		return Logit{}, err
	}
	lost := on.lost()
	if fewer := min(lost, len(on.Cases)-lost); fewer < minRecalibration {
		return Logit{}, &analysis.Refusal{Reason: TooFewEvents, Have: float64(fewer), Need: minRecalibration}
	}
	slope, intercept, err := recalibration(m.forecasts(on.Cases))
	if err != nil {
		return Logit{}, err
	}
	if slope.Coefficient <= 0 {
		return Logit{}, &analysis.Refusal{Reason: Slanted, Have: slope.Coefficient, Need: 0}
	}
	k := slope.Coefficient
	scaled := m
	scaled.Terms = make([]Term, len(m.Terms))
	for j, t := range m.Terms {
		scaled.Terms[j] = t.scaled(k, t.Coefficient*k, m.z)
	}
	scaled.Intercept = m.Intercept.scaled(k, intercept.Coefficient+k*m.Intercept.Coefficient, m.z)
	_, scaled.to = on.span()
	return scaled, nil
}

// minRecalibration is the least that two parameters of everybody's risk rest on.
const minRecalibration = 50

// scaled is a term k times as steep, with the coefficient given. Its interval is
// not made of the old one, whose ends may have been beyond all numbers.
func (t Term) scaled(k, coefficient, z float64) Term {
	t.Coefficient, t.Error = coefficient, t.Error*k
	half := z * t.Error
	t.Odds, t.Low, t.High = dist.Exp(coefficient), dist.Exp(coefficient-half), dist.Exp(coefficient+half)
	return t
}

// tenths cuts forecasts into ten groups of about equal size; equal risks stay
// together, so that there may be fewer.
func tenths(list []forecast) [][]forecast {
	var groups [][]forecast
	for start := 0; start < len(list); {
		end := max(start+1, int(math.Ceil(float64(len(groups)+1)*float64(len(list))/10)))
		for end < len(list) && list[end].linear == list[end-1].linear {
			end++
		}
		groups = append(groups, list[start:min(end, len(list))])
		start = end
	}
	return groups
}

func newTenth(group []forecast, confidence float64) Tenth {
	t := Tenth{From: group[0].risk, To: group[len(group)-1].risk, N: int64(len(group))}
	for _, f := range group {
		t.Foretold += f.risk / float64(len(group))
		t.Lost += int64(f.lost)
	}
	t.Seen = float64(t.Lost) / float64(t.N)
	t.Low, t.High = dist.Wilson(float64(t.Lost), float64(t.N), dist.Z(confidence))
	return t
}

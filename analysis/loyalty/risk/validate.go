package risk

import (
	"errors"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
)

// Why a model that could be fitted may not name people.
const (
	// NotValidated: the model was never held against later data.
	NotValidated analysis.Reason = "not_validated"
	// TooWeak: the lower end of the AUC's interval is Have, and must be over Need.
	TooWeak analysis.Reason = "too_weak"
	// Slanted: the calibration's slope is Have, Need the limit that it passed.
	Slanted analysis.Reason = "slanted"
	// OffLevel: foretold by seen, Have, passed the limit Need: all risks are too
	// high, or too low.
	OffLevel analysis.Reason = "off_level"
	// NoBetter: the Brier score is Have, and that of the base rate alone, Need, is
	// no worse.
	NoBetter analysis.Reason = "no_better"
)

// Limits are what a validation must keep to. Zero fields mean the defaults.
type Limits struct {
	Confidence float64 // of all intervals; 0 means 0.95
	Events     int     // so many must have left, and as many stayed; 0 means 50
	Margin     float64 // the AUC's lower end must be over ½ by so much; 0 means 0.05
	Slope      float64 // the slope must be between it and 1/it; 0 means 0.6
	Level      float64 // foretold by seen must be between it and 1/it; 0 means 0.7
}

func (l Limits) withDefaults() (Limits, error) {
	defaults := Limits{Confidence: 0.95, Events: 50, Margin: 0.05, Slope: 0.6, Level: 0.7}
	for _, f := range []struct{ given, usual *float64 }{
		{&l.Confidence, &defaults.Confidence}, {&l.Margin, &defaults.Margin},
		{&l.Slope, &defaults.Slope}, {&l.Level, &defaults.Level},
	} {
		if *f.given == 0 {
			*f.given = *f.usual
		}
	}
	if l.Events == 0 {
		l.Events = defaults.Events
	}
	if l.Events < 10 {
		return l, analysis.Refuse("limits", "%d events are too few to validate by; 10 is the least", l.Events)
	}
	if !(l.Margin > 0 && l.Margin < 0.5) || !(l.Slope > 0 && l.Slope < 1) || !(l.Level > 0 && l.Level < 1) {
		return l, analysis.Refuse("limits", "%+v: margin must be within (0, ½), slope and level within (0, 1)", l)
	}
	return l, analysis.CheckConfidence(l.Confidence)
}

// Validation is what a model foretold of people it had not seen, later than all
// it had learned from, and what came. Only one that passed lists people.
type Validation struct {
	From        analysis.Day `json:"from"` // of the later risk periods
	To          analysis.Day `json:"to"`
	N           int          `json:"n"`
	Lost        int          `json:"lost"`
	AUC         float64      `json:"auc"`
	AUCLow      float64      `json:"auc_low"`
	AUCHigh     float64      `json:"auc_high"`
	Brier       float64      `json:"brier"`
	BrierBase   float64      `json:"brier_base"` // of telling everybody the base rate of the earlier data
	Calibration Calibration  `json:"calibration"`

	// Refused says why the model may not name people; nil when it passed. The
	// numbers above stand either way, as far as they could be had.
	Refused *analysis.Refusal `json:"refused"`

	model *Logit
}

// Caveats are what must be said beside a list.
func (v Validation) Caveats() []loyalty.Caveat {
	if v.model == nil {
		return nil
	}
	caveats := v.model.Caveats()
	// A hundred is what external validation is usually asked for (Vergouwe 2005).
	if min(v.Lost, v.N-v.Lost) < 100 && !slices.Contains(caveats, loyalty.FewEvents) {
		caveats = append(caveats, loyalty.FewEvents)
	}
	return caveats
}

// Validate holds the model against a later sample with the same features and
// horizon. It is an input error if the later risk periods begin before the
// earlier ones had ended: then the model has seen part of what it foretells.
// Whether the model is good enough is no error, but in Refused.
func (m Logit) Validate(later Sample, limits Limits) (Validation, error) {
	limits, err := limits.withDefaults()
	if err != nil {
		return Validation{}, err
	}
	if err := m.checkLater(later); err != nil {
		return Validation{}, err
	}
	v := Validation{N: len(later.Cases), Lost: later.lost(), model: &m}
	v.From, v.To = later.span()
	list := m.forecasts(later.Cases)
	a := area(list)
	v.AUC, v.Brier = a.value, brier(list)
	for _, f := range list {
		v.BrierBase += (f.lost - m.base()) * (f.lost - m.base()) / float64(len(list))
	}
	if fewer := min(v.Lost, v.N-v.Lost); fewer < limits.Events {
		v.AUCHigh = 1 // nothing is known yet
		v.Refused = &analysis.Refusal{Reason: TooFewEvents, Have: float64(fewer), Need: float64(limits.Events)}
		return v, nil
	}
	v.AUCLow, v.AUCHigh = a.interval(limits.Confidence)
	v.Calibration, err = calibrate(list, limits.Confidence)
	var refusal *analysis.Refusal
	if errors.As(err, &refusal) {
		v.Refused = refusal // the forecasts are all alike, or tell the outcomes apart: no slope
		return v, nil
	}
	if err != nil {
		return Validation{}, err
	}
	v.Refused = v.judge(limits)
	return v, nil
}

// checkLater refuses a sample that the model cannot be held against.
func (m Logit) checkLater(later Sample) error {
	if m.N == 0 {
		return analysis.Refuse("model", "it was not fitted")
	}
	if err := later.check(); err != nil {
		return err
	}
	if !slices.Equal(later.Features, m.names()) {
		return analysis.Refuse("features", "the later sample has %v, the model %v", later.Features, m.names())
	}
	if days := int(later.Cases[0].To - later.Cases[0].From); days != m.Days {
		return analysis.Refuse("to", "the later risk periods take %d days, the model's %d", days, m.Days)
	}
	if from, _ := later.span(); from < m.to {
		return analysis.Refuse("from", "the later risk periods begin on %s, before the earlier ones ended on %s", from, m.to)
	}
	return m.checkFeatures(later.Cases)
}

// checkFeatures refuses rows of another length and values that are not finite.
func (m Logit) checkFeatures(cases []Case) error {
	for i, c := range cases {
		if len(c.X) != len(m.Terms) {
			return analysis.Refuse("features", "case %d has %d values for %d names", i, len(c.X), len(m.Terms))
		}
		for j, x := range c.X {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return analysis.Refuse("features", "%s of case %d is %v", m.Terms[j].Name, i, x)
			}
		}
		// Two values that are finite may still make a sum that is not.
		if l := m.linear(c.X); math.IsNaN(l) || math.IsInf(l, 0) {
			return analysis.Refuse("features", "case %d is beyond all numbers", i)
		}
	}
	return nil
}

// judge is the gate; nil lets through.
func (v Validation) judge(l Limits) *analysis.Refusal {
	if need := 0.5 + l.Margin; v.AUCLow <= need {
		return &analysis.Refusal{Reason: TooWeak, Have: v.AUCLow, Need: need}
	}
	if refusal := within(Slanted, v.Calibration.Slope, l.Slope); refusal != nil {
		return refusal
	}
	if refusal := within(OffLevel, v.Calibration.Foretold/v.Calibration.Seen, l.Level); refusal != nil {
		return refusal
	}
	if v.Brier >= v.BrierBase {
		return &analysis.Refusal{Reason: NoBetter, Have: v.Brier, Need: v.BrierBase}
	}
	return nil
}

// within refuses what is not between limit and 1/limit.
func within(reason analysis.Reason, have, limit float64) *analysis.Refusal {
	switch {
	case !(have >= limit):
		return &analysis.Refusal{Reason: reason, Have: have, Need: limit}
	case have > 1/limit:
		return &analysis.Refusal{Reason: reason, Have: have, Need: 1 / limit}
	}
	return nil
}

package risk

import (
	"cmp"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
)

// Reason is a feature that makes somebody's risk higher than usual.
type Reason struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"`
	Usual   float64 `json:"usual"` // the mean of the people that the model learned from
	Odds    float64 `json:"odds"`  // the odds of leaving are this many times those at the usual value
}

// AtRisk is one person who may leave.
type AtRisk struct {
	Person string  `json:"person"`
	Risk   float64 `json:"risk"`  // 0…1, of leaving within the horizon
	Times  float64 `json:"times"` // Risk by the share that leaves of all
	// Like is how it went for people of like risk in the validation.
	Like    Tenth    `json:"like"`
	Reasons []Reason `json:"reasons"` // the strongest first; those that matter, may be none
}

// ListLimits bound a list of people. Zero fields mean the defaults.
type ListLimits struct {
	Most    int // people at most; 0 means 100
	Reasons int // of a person at most; 0 means 3
	// Times is how many times the usual share a risk must be to be listed; 0 means
	// 1.5.
	Times float64
}

func (l ListLimits) withDefaults() (ListLimits, error) {
	if l.Most < 0 || l.Reasons < 0 || !(l.Times >= 0 && l.Times <= 1e6) {
		return l, analysis.Refuse("limits", "%+v cannot be below zero", l)
	}
	if l.Most == 0 {
		l.Most = 100
	}
	if l.Reasons == 0 {
		l.Reasons = 3
	}
	if l.Times == 0 {
		l.Times = 1.5
	}
	return l, nil
}

// leastOdds is what a reason must do to the odds to be one: 20 % more; and
// mostP how sure it must be that its feature does anything.
const (
	leastOdds = 1.2
	mostP     = 0.05
)

// AtRisk lists who of the people may leave, the highest risk first. Each reason
// is a feature's part of the log odds above its usual value, β·(x − x̄), as a
// factor of the odds, where the feature is significant; they are associations, as the caveats say. Cases are as of
// today: their features measured before From, their Lost not known. A validation
// that did not pass is refused with its reason: there is no list.
func (v Validation) AtRisk(people []Case, limits ListLimits) ([]AtRisk, error) {
	if v.Refused != nil {
		return nil, v.Refused
	}
	if v.model == nil {
		return nil, &analysis.Refusal{Reason: NotValidated, Need: 1}
	}
	limits, err := limits.withDefaults()
	if err != nil || len(people) == 0 {
		return nil, err
	}
	m := v.model
	if err := (Sample{Features: m.names(), Cases: people}).check(); err != nil {
		return nil, err
	}
	if days := int(people[0].To - people[0].From); days != m.Days {
		return nil, analysis.Refuse("to", "the people are at risk for %d days, the model foretells %d", days, m.Days)
	}
	if err := m.checkFeatures(people); err != nil {
		return nil, err
	}
	base := v.Calibration.Seen
	var list []AtRisk
	for _, c := range people {
		risk := dist.Logistic(m.linear(c.X))
		if risk < limits.Times*base {
			continue
		}
		list = append(list, AtRisk{
			Person: c.Person, Risk: risk, Times: risk / base,
			Like: v.Calibration.like(risk), Reasons: m.reasons(c.X, limits.Reasons),
		})
	}
	slices.SortFunc(list, func(a, b AtRisk) int {
		return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.Person, b.Person))
	})
	return list[:min(len(list), limits.Most)], nil
}

// reasons are the strongest contributions above the usual.
func (m Logit) reasons(x []float64, most int) []Reason {
	var reasons []Reason
	for j, t := range m.Terms {
		odds := dist.Exp(t.Coefficient * (x[j] - t.Usual))
		if odds >= leastOdds && t.P < mostP {
			reasons = append(reasons, Reason{Feature: t.Name, Value: x[j], Usual: t.Usual, Odds: odds})
		}
	}
	slices.SortStableFunc(reasons, func(a, b Reason) int { return cmp.Compare(b.Odds, a.Odds) })
	return reasons[:min(len(reasons), most)]
}

// like is the tenth that a risk falls in, or is nearest to.
func (c Calibration) like(risk float64) Tenth {
	for _, t := range c.Tenths {
		if risk <= t.To {
			return t
		}
	}
	return c.Tenths[len(c.Tenths)-1]
}

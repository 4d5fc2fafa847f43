package loyalty

import (
	"cmp"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty/survival"
)

// Watch says how long somebody's stay is measured.
type Watch struct {
	Basis Basis
	Until analysis.Day // exclusive: "now"
	// Lapse is how many days of silence make somebody gone, where no contract
	// says so; 0 means 90.
	Lapse int
}

// defaultLapse is a quarter: longer than most shops' customers take to reorder.
const defaultLapse = 90

// lapse checks a basis with its days of silence, and fills their default in.
func (b Basis) lapse(days int) (int, error) {
	if days < 0 {
		return 0, analysis.Refuse("lapse", "%d days cannot be below zero", days)
	}
	return cmp.Or(days, defaultLapse), b.check()
}

// Stay is how long somebody was a customer, in days: Left at the end, or still
// Staying when last looked at.
type Stay struct {
	From    analysis.Day
	Days    float64
	Outcome survival.Outcome
}

// Lifetime measures a person's first stay as a customer; false for who has not
// been one before Until.
//
// By contract it runs from the first start to the end. Else nobody says when
// they leave: the stay runs from the first purchase (or action) to the day on
// which Lapse days had passed without another, and whoever has not been silent
// that long is still staying. A stay that was taken up again later has ended all
// the same.
func (h *History) Lifetime(w Watch) (Stay, bool, error) {
	var err error
	if w.Lapse, err = w.Basis.lapse(w.Lapse); err != nil {
		return Stay{}, false, err
	}
	records := h.until(w.Until)
	if w.Basis == ByContract {
		stay, ok := contractStay(records, w.Until)
		return stay, ok, nil
	}
	stay, ok := silentStay(records, w)
	return stay, ok, nil
}

func contractStay(records []record, until analysis.Day) (Stay, bool) {
	state := walk{basis: ByContract}
	var from analysis.Day
	for _, r := range records {
		before := state.contract
		state.take(r)
		switch {
		case !before && state.contract:
			from = analysis.Day(r.day)
		case before && !state.contract:
			return Stay{From: from, Days: float64(analysis.Day(r.day) - from), Outcome: survival.Left}, true
		}
	}
	return Stay{From: from, Days: float64(until - from)}, state.contract
}

func silentStay(records []record, w Watch) (Stay, bool) {
	var first, last analysis.Day
	found := false
	for _, r := range records {
		if r.kind != bought && (w.Basis == ByPurchase || !r.kind.acts()) {
			continue
		}
		day := analysis.Day(r.day)
		if !found {
			first, found = day, true
		} else if int(day-last) > w.Lapse {
			break
		}
		last = day
	}
	if silence := w.Until - last; found && int(silence) > w.Lapse {
		return Stay{From: first, Days: float64(int(last-first) + w.Lapse), Outcome: survival.Left}, true
	}
	return Stay{From: first, Days: float64(w.Until - first)}, found
}

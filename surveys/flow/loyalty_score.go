package flow

import (
	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
)

// Days of the views that go from what was known of people to what followed.
const (
	watchDays  = 182 // how long customers are watched after the day on which the score is looked at
	scoreAge   = 366 // an older score says nothing of that day any more
	memberDays = 91  // how long members of the programme are held against the others
)

// confidence is that of all intervals of the loyalty report, and leastShown how
// many people must stand behind what is shown.
const (
	confidence = 0.95
	leastShown = 5
)

// Staying is how long customers stay.
type Staying struct {
	Curve  survival.Curve `json:"curve"`
	Median *float64       `json:"median"` // days; null while over half are still there
	Mean   *survival.Mean `json:"mean,omitempty"`
}

// staying draws the curve of all customers.
func staying(l survival.Lifetimes) (*Staying, error) {
	curve, err := survival.Estimate(l, confidence)
	if err != nil {
		return nil, err
	}
	s := &Staying{Curve: curve}
	if median, ok := curve.Quantile(0.5); ok {
		s.Median = &median
	}
	if horizon := min(curve.Until, 365); horizon > 0 {
		mean, err := curve.MeanUntil(horizon)
		if err != nil {
			return nil, err
		}
		s.Mean = &mean
	}
	return s, nil
}

// StayingByScore is how long customers of a day stayed from that day on, by the
// band of their last score before it. To start the watch on one day for
// everybody, after the scores, is what keeps the view honest: who stays longer
// has more occasions to answer, and would otherwise look loyal for answering.
type StayingByScore struct {
	Day analysis.Day `json:"day"`
	loyalty.BandCurves
}

// Members holds members of the programme against the other customers, all of
// them followed from one day on, on which it was known who is a member.
type Members struct {
	From     analysis.Day      `json:"from"`
	To       analysis.Day      `json:"to"`
	Contrast *loyalty.Contrast `json:"contrast,omitempty"`
	Refused  *Refused          `json:"refused,omitempty"`
}

// watch follows each customer of a day: by the score that they had given before
// it, and by membership.
type watch struct {
	basis           loyalty.Basis
	lapse           int
	complete, to    analysis.Day    // the days from which on, and before which, every event is there
	byBand          *loyalty.ByBand // nil without a survey
	members, others loyalty.Group
}

// since is the span from so many days ago.
func (w *watch) since(days analysis.Day) loyalty.Span {
	return loyalty.Span{Basis: w.basis, From: w.to - days, To: w.to, Lapse: w.lapse}
}

// add follows one person.
func (w *watch) add(h *loyalty.History, scores []scored) error {
	if span := w.since(watchDays); w.byBand != nil && span.From >= w.complete {
		fate, followed, err := h.Fate(span)
		if err != nil {
			return err
		}
		if followed {
			if err := w.byBand.Add(scoreBefore(scores, span.From), fate.Stay); err != nil {
				return err
			}
		}
	}
	span := w.since(memberDays)
	if span.From < w.complete {
		return nil
	}
	if known, ok := h.At(span.From); ok && known.Member {
		return w.members.Add(h, span)
	}
	return w.others.Add(h, span)
}

// byScore are the curves; nil when there are none to draw.
func (w *watch) byScore() (*StayingByScore, error) {
	if w.byBand == nil {
		return nil, nil
	}
	curves, err := w.byBand.Curves(leastShown, confidence)
	if err != nil {
		return nil, err
	}
	return &StayingByScore{Day: w.to - watchDays, BandCurves: curves}, nil
}

// programme holds the members against the others; nil when there are no members.
func (w *watch) programme() (*Members, error) {
	if w.members.People() == 0 {
		return nil, nil
	}
	m := &Members{From: w.to - memberDays, To: w.to}
	contrast, err := w.members.Against(&w.others, leastShown, confidence)
	if err != nil {
		m.Refused, err = refusal(err)
		return m, err
	}
	m.Contrast = &contrast
	return m, nil
}

// scoreBefore is a person's last score before a day; nil when there is none, or
// only one that is too old.
func scoreBefore(scores []scored, day analysis.Day) *int {
	last, ok := lastBefore(scores, int(day))
	if !ok || int(day)-int(last.day) > scoreAge {
		return nil
	}
	score := int(last.score)
	return &score
}

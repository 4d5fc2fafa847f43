package analysis

import (
	"github.com/harkhq/hark/surveys"
)

// Report is what is known about one metric in one period. Its JSON is the shape
// that `hark score --json` and GET /api/v1/surveys/{id}/report share: full
// precision, intervals not clipped, null where there is no number to give.
type Report struct {
	Metric       surveys.Metric             `json:"metric"`
	From         Day                        `json:"from"` // the period's first day
	To           Day                        `json:"to"`   // the day after its last
	N            int64                      `json:"n"`
	Score        *float64                   `json:"score"` // nil when Hidden
	Interval     *Interval                  `json:"interval"`
	Mean         *float64                   `json:"mean"`
	MeanInterval *Interval                  `json:"mean_interval,omitempty"`
	Index        *Index                     `json:"index,omitempty"`
	Hidden       bool                       `json:"hidden"` // too few answers to show anything but N
	Faint        bool                       `json:"faint"`  // shown, but greyed: few answers or a wide interval
	Distribution Distribution               `json:"distribution"`
	Bands        map[surveys.Band]BandShare `json:"bands"`
	Against      Against                    `json:"compare,omitempty"` // what Previous is; "" means the period before
	Previous     *Previous                  `json:"previous"`
	Bucketing    Bucketing                  `json:"bucketing"`
	Trend        []TrendPoint               `json:"trend"`
	Verdict      Verdict                    `json:"verdict"`
	Changes      []Change                   `json:"changes"` // that the trend shows
	Last         *Change                    `json:"-"`       // the newest real one or, when there is none, the newest by mix; however far the trend reaches
	By           string                     `json:"by,omitempty"`
	Segments     []Segment                  `json:"segments"`                // best first; hidden ones, then the answers without a value, last
	SegmentsTest *GlobalTest                `json:"segments_test,omitempty"` // nil for overlapping segments
}

// BandShare is how many answers fell into a band, and their share of all, 0…1.
type BandShare struct {
	N     int64   `json:"n"`
	Share float64 `json:"share"`
}

// Previous is the earlier period, and the step from it.
type Previous struct {
	From       Day      `json:"from"`
	To         Day      `json:"to"`
	N          int64    `json:"n"`
	Score      *float64 `json:"score"` // nil when either period has too few answers to show
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Difference *float64 `json:"difference"` // now minus then
	P          *float64 `json:"p"`
}

// Build makes a report. It reads each day a few times: a year by day with ten
// segments and two further keys takes some 3 ms. Changes, and with them a verdict's
// date, are looked for in the last 520 weeks before To only, however far the days
// reach back.
func Build(in Input) (Report, error) {
	in, err := in.normalised()
	if err != nil {
		return Report{}, err
	}
	b := newBuild(in)
	r := b.headline()
	r.Trend = b.trend()
	changes := b.explain(b.changes())
	r.Changes = []Change{}
	if !in.MixUnread {
		r.Changes, r.Last = inRange(changes, in.TrendFrom, in.To), lastChange(changes)
	}
	r.Previous = b.previous()
	r.Verdict = b.verdict(changes)
	r.Verdict.Text = englishText(r)
	r.Segments, r.SegmentsTest = b.segments()
	return r, nil
}

// build holds what the steps of one report share.
type build struct {
	in          Input
	scale       surveys.Scale
	counts      surveys.Counts // of the period
	earlier     Span           // what the period is compared with
	now, before bands          // the period, and the earlier one
	weeks       []bucket       // everything before To, by week
}

func newBuild(in Input) *build {
	b := &build{in: in, scale: in.Metric.Scale(), earlier: in.Against.Span(in.From, in.To)}
	b.counts = sumDays(in.Days, in.From, in.To)
	b.now = bandsOf(b.scale, b.counts)
	b.before = bandsOf(b.scale, sumDays(in.Days, b.earlier.From, b.earlier.To))
	from := max(in.firstDay(), in.To-7*maxSteps+7)
	b.weeks = ByWeek.series(b.scale, in.Days, from, in.To)
	return b
}

// shown reports whether so many answers may be shown.
func (b *build) shown(n int64) bool { return n >= max(1, b.in.Limits.Hide) }

// interval is a headline's by the method that was asked for.
func (b *build) interval(of bands) Interval { return of.interval(b.in.Method, b.in.Confidence) }

// headline fills in what describes the period by itself.
func (b *build) headline() Report {
	r := Report{
		Metric: b.in.Metric, From: b.in.From, To: b.in.To, N: b.now.n(),
		Bucketing: b.in.Bucketing, By: b.in.By, Against: b.in.Against,
		Bands: map[surveys.Band]BandShare{}, Hidden: !b.shown(b.now.n()),
	}
	if r.Hidden {
		return r
	}
	e := estimate(b.in.Metric, b.counts, b.in.Confidence)
	e.Interval = b.interval(b.now)
	r.Score, r.Interval, r.Mean, r.MeanInterval, r.Index = &e.Score, &e.Interval, &e.Mean, e.MeanIn, e.Index
	r.Faint = b.in.Limits.faint(e.N, e.Interval.Low, e.Interval.High)
	for _, score := range b.scale.Choices() {
		r.Distribution = append(r.Distribution, ScoreCount{Score: score, N: b.counts[score]})
	}
	for band, n := range map[surveys.Band]int64{b.scale.Good: b.now.good, b.scale.Middle: b.now.mid, b.scale.Bad: b.now.bad} {
		r.Bands[band] = BandShare{N: n, Share: float64(n) / float64(e.N)}
	}
	return r
}

// previous describes the earlier period; nil when nobody answered in it.
func (b *build) previous() *Previous {
	if b.before.n() == 0 {
		return nil
	}
	p := &Previous{From: b.earlier.From, To: b.earlier.To, N: b.before.n()}
	if !b.comparable() {
		return p
	}
	score, interval := b.before.score(), b.interval(b.before)
	d := compare(b.before, b.now, b.in.Confidence)
	p.Score, p.Low, p.High = &score, &interval.Low, &interval.High
	p.Difference, p.P = &d.Difference, &d.P
	return p
}

// comparable reports whether both periods have answers enough to be shown.
func (b *build) comparable() bool { return b.shown(b.before.n()) && b.shown(b.now.n()) }

// lastChange is the newest change: the newest real one or, when there is none, the
// newest by mix. Nil when nothing changed.
func lastChange(changes []Change) *Change {
	for i := len(changes) - 1; i >= 0; i-- {
		if !changes[i].ByMix {
			return &changes[i]
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return &changes[len(changes)-1]
}

// Recent is the last change, if it is real, within the period, and not told by the
// verdict. Nil otherwise.
func (r Report) Recent() *Change {
	if c := r.Untold(); c != nil && !c.ByMix && c.At >= r.From {
		return c
	}
	return nil
}

// Untold is the last change, unless the verdict has told it: as what a rise or
// fall began with or was over by, or as a move of the mix.
func (r Report) Untold() *Change {
	c := r.Last
	switch {
	case c == nil, r.Hidden,
		c.ByMix && r.Verdict.Kind == Mixed,
		r.Verdict.Since != nil && *r.Verdict.Since == c.At,
		r.Verdict.Over != nil && *r.Verdict.Over == c.At:
		return nil
	}
	return c
}

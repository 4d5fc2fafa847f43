package analysis

import (
	"cmp"
	"slices"
	"time"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// Asked says how many were asked and how many of them answered. Its invitations are
// those sent, or planned, on the days From to before To; an answer counts for the
// day on which its mail was sent, whenever it came.
type Asked struct {
	From       Day            `json:"from"`
	To         Day            `json:"to"`
	Invited    int64          `json:"invited"`
	Waiting    int64          `json:"waiting"` // for their time, on their way, or of unknown fate
	Failed     int64          `json:"failed"`
	Suppressed int64          `json:"suppressed"`
	Cancelled  int64          `json:"cancelled"`
	Expired    int64          `json:"expired"`
	Bounced    int64          `json:"bounced"` // taken by a mail server, and come back
	Sent       int64          `json:"sent"`
	Answered   int64          `json:"answered"`
	Rate       *float64       `json:"rate"` // answered of sent, 0…1; nil where too few were sent
	Low        *float64       `json:"low"`  // Wilson's interval
	High       *float64       `json:"high"`
	Confidence float64        `json:"confidence"`
	Faint      bool           `json:"faint"`
	Segments   []AskedSegment `json:"segments"` // of all keys; in each the ones that answer least first, hidden ones last
}

// AskedSegment is how often the people of one segment answer.
type AskedSegment struct {
	Key       string         `json:"key"`
	Value     string         `json:"value"`
	Sent      int64          `json:"sent"`
	Answered  *int64         `json:"answered"` // nil when Hidden, as all numbers below
	Rate      *float64       `json:"rate"`
	Low       *float64       `json:"low"`
	High      *float64       `json:"high"`
	Rest      *float64       `json:"rest"`       // the rate of everybody else
	P         *float64       `json:"p"`          // against everybody else; nil when there is nobody else
	PAdjusted *float64       `json:"p_adjusted"` // Benjamini–Hochberg over all segments shown
	Verdict   SegmentVerdict `json:"verdict"`
	Hidden    bool           `json:"hidden"`
	Faint     bool           `json:"faint"`
	apart     Difference     // from the rate of everybody else
}

// AskedInput is what [ResponseRate] needs.
type AskedInput struct {
	Confidence float64 // of every interval; 0 means 0.95
	From, To   Day
	All        surveys.Asked
	Segments   map[string]map[string]surveys.Asked // by key and value; a person may have no value
	Limits     Limits
}

// ResponseRate says how many of those who were sent an invitation answered, with
// Wilson's interval, and which segments answer more or less often than everybody
// else: by the pooled test of two shares, Fisher's where there are few, adjusted
// over all segments of all keys at once (Benjamini–Hochberg), since one looks
// through them for the one that stands out. Segments that under five were sent
// are hidden, but hide no sibling with them: that somebody answered is no secret of
// theirs as what they said is.
func ResponseRate(in AskedInput) (Asked, error) {
	if in.Confidence == 0 {
		in.Confidence = 0.95
	}
	if err := CheckConfidence(in.Confidence); err != nil {
		return Asked{}, err
	}
	if err := in.Limits.check(); err != nil {
		return Asked{}, err
	}
	in.Limits = in.Limits.withDefaults()
	if err := checkAsked("all", in.All); err != nil {
		return Asked{}, err
	}
	a := Asked{
		From: in.From, To: in.To, Invited: in.All.Invited, Waiting: in.All.Waiting(), Failed: in.All.Failed, Suppressed: in.All.Suppressed,
		Cancelled: in.All.Cancelled, Expired: in.All.Expired, Bounced: in.All.Bounced, Sent: in.All.Sent, Answered: in.All.Answered, Confidence: in.Confidence,
		Segments: []AskedSegment{},
	}
	if a.Sent < in.Limits.Hide {
		return a, nil
	}
	a.Rate, a.Low, a.High = rateOf(in.All, in.Confidence)
	a.Faint = in.Limits.faint(a.Sent, 100**a.Low, 100**a.High)
	for _, key := range sorted(in.Segments) {
		list, err := in.ofKey(key)
		if err != nil {
			return Asked{}, err
		}
		a.Segments = append(a.Segments, list...)
	}
	return a, judgeRates(a.Segments, in.Confidence)
}

func checkAsked(name string, a surveys.Asked) error {
	if a.Answered < 0 || a.Sent < a.Answered || a.Unsent() < 0 || a.Waiting() < 0 || a.Invited > maxAnswers {
		return Refuse(name, "%+v does not add up", a)
	}
	return nil
}

// rateOf is the share of those sent who answered, with its interval.
func rateOf(a surveys.Asked, confidence float64) (rate, low, high *float64) {
	r := float64(a.Answered) / float64(a.Sent)
	l, h := dist.Wilson(float64(a.Answered), float64(a.Sent), dist.Z(confidence))
	return &r, &l, &h
}

// ratioOf are those sent as answers to the question whether they answered.
func ratioOf(a surveys.Asked) bands { return bands{good: a.Answered, bad: a.Sent - a.Answered} }

// ofKey compares each value of a key with everybody else.
func (in AskedInput) ofKey(key string) ([]AskedSegment, error) {
	var list []AskedSegment
	for _, value := range sorted(in.Segments[key]) {
		part := in.Segments[key][value]
		if err := checkAsked(key, part); err != nil {
			return nil, err
		}
		if part.Sent > 0 {
			list = append(list, AskedSegment{Key: key, Value: value, Sent: part.Sent, Verdict: SegmentTooFew})
		}
	}
	for i := range list {
		s := &list[i]
		if s.Hidden = s.Sent < in.Limits.Hide; s.Hidden {
			continue
		}
		part := in.Segments[key][s.Value]
		s.Answered = &part.Answered
		s.Rate, s.Low, s.High = rateOf(part, in.Confidence)
		s.Faint = in.Limits.faint(s.Sent, 100**s.Low, 100**s.High)
		rest := ratioOf(in.All).minus(ratioOf(part))
		if rest.negative() || rest.n() == 0 {
			continue
		}
		d, others := compare(rest, ratioOf(part), in.Confidence), rest.score()/100
		s.P, s.Rest, s.Verdict, s.apart = &d.P, &others, direction(d), d
	}
	slices.SortStableFunc(list, leastFirst)
	return list, nil
}

// leastFirst orders by rate, hidden ones last.
func leastFirst(a, b AskedSegment) int {
	switch {
	case a.Hidden && b.Hidden:
		return cmp.Compare(a.Value, b.Value)
	case a.Hidden:
		return 1
	case b.Hidden:
		return -1
	}
	return cmp.Or(cmp.Compare(*a.Rate, *b.Rate), cmp.Compare(a.Value, b.Value))
}

// judgeRates keeps the verdicts that stand after correction.
func judgeRates(list []AskedSegment, confidence float64) error {
	var p []float64
	var tested []*AskedSegment
	for i := range list {
		if list[i].P != nil {
			p, tested = append(p, *list[i].P), append(tested, &list[i])
		}
	}
	adjusted, err := BenjaminiHochberg(p)
	if err != nil {
		return err
	}
	for i, s := range tested {
		s.PAdjusted = &adjusted[i]
		if adjusted[i] >= 1-confidence {
			s.Verdict = unlike(s.apart, (1-fewer)*100**s.Rest, s.Faint)
		}
	}
	return nil
}

// fewer is the share of the others' rate from which on a segment that answers less
// is worth a sentence; what lies nearer to it, to either side, is alike.
const fewer = 0.8

// Reluctant is the segment that answers least beside everybody else, of those whose
// difference is real and at least a fifth; nil when there is none.
func (a Asked) Reluctant() *AskedSegment {
	var least *AskedSegment
	for i := range a.Segments {
		s := &a.Segments[i]
		if s.Verdict != Lower || s.Faint || s.Share() > fewer {
			continue
		}
		if least == nil || s.Share() < least.Share() {
			least = s
		}
	}
	return least
}

// Share is how often the segment answers for each time that the others do: 0.5 for
// half as often. It is 1 where there is nothing to compare.
func (s AskedSegment) Share() float64 {
	if s.Rate == nil || s.Rest == nil || *s.Rest == 0 {
		return 1
	}
	return *s.Rate / *s.Rest
}

// Times within which answers come in, in days.
const (
	settleDefault = 7  // while too few answers tell it
	settleLeast   = 1  // the day of sending is never over before its evening
	minDelays     = 30 // answers that tell it
)

// SettleDays is for how many days after the sending a response rate would be told
// too low: until nine in ten of those answers have come that will. It takes how
// long earlier answers took, in any order; few of them say a week.
func SettleDays(delays []time.Duration) int {
	if len(delays) < minDelays {
		return settleDefault
	}
	order := slices.Sorted(slices.Values(delays))
	nine := order[(9*len(order)+9)/10-1] // the smallest within which 90 % came
	days := int((nine + 24*time.Hour - 1) / (24 * time.Hour))
	return max(settleLeast, days)
}

package themes

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// maxPoints bounds a trend.
const maxPoints = 5000

// Find makes a period's findings from the counted rows alone, whatever the number
// of comments behind them. A theme under Limits.Hide comments is hidden; where
// nearly everybody mentions a theme, its score is, because that of the few others
// could be had from it. Shares have Wilson intervals, effects adjusted Wald ones
// for NPS and Newcombe's for shares ([analysis.Compare]); as all themes are looked
// at, p-values are adjusted by Benjamini & Hochberg. A comment counts under each
// of its themes, so that shares may add up to more than a hundred.
func Find(in Input) (Findings, error) {
	in, err := in.normalised()
	if err != nil {
		return Findings{}, err
	}
	s, err := in.sum()
	if err != nil {
		return Findings{}, err
	}
	f := Findings{
		Metric: in.Metric, From: in.From, To: in.To, Interval: in.Bucketing,
		Comments: s.all.now.Counts.N(), Answers: cmp.Or(in.Answers, s.all.now.Counts.N()),
		Mood: in.mood(s.all.now),
	}
	if in.Answers > 0 && in.Answers < f.Comments {
		return Findings{}, analysis.Refuse("answers", "%d answers hold %d comments", in.Answers, f.Comments)
	}
	if f.Comments >= in.Limits.Hide {
		f.Score = in.level(s.all.now.Counts)
	}
	for i, id := range in.Themes {
		f.Themes = append(f.Themes, in.finding(id, s.themes[i], s.all, f.Answers))
	}
	f.NoTheme = in.finding(NoTheme, s.none, s.all, f.Answers)
	in.adjust(f.Themes)
	in.adjust([]Finding{f.NoTheme})
	rank(f.Themes)
	return f, nil
}

// normalised checks the input and fills its defaults in.
func (in Input) normalised() (Input, error) {
	in.Confidence = cmp.Or(in.Confidence, 0.95)
	if _, err := analysis.Score(in.Metric, surveys.Counts{}, in.Confidence); err != nil {
		return in, err // an unknown metric, a confidence that cannot be meant
	}
	if err := analysis.CheckPeriod(in.From, in.To); err != nil {
		return in, err
	}
	in.Bucketing = cmp.Or(in.Bucketing, analysis.BucketingFor(in.From, in.To))
	if !in.Bucketing.Valid() {
		return in, analysis.Refuse("bucketing", "%q is not one of %v", string(in.Bucketing), analysis.Bucketings())
	}
	if in.Bucketing == analysis.ByDay && in.To-in.From > maxPoints {
		return in, analysis.Refuse("from", "the period of %d days is too long", in.To-in.From)
	}
	if in.Limits.Hide < 0 || in.Limits.Faint < 0 {
		return in, analysis.Refuse("limits", "%+v must not be below zero", in.Limits)
	}
	in.Limits.Hide, in.Limits.Faint = cmp.Or(in.Limits.Hide, 5), cmp.Or(in.Limits.Faint, 30)
	if in.Answers < 0 {
		return in, analysis.Refuse("answers", "%d answers", in.Answers)
	}
	for i, id := range in.Themes {
		if id == "" || id == NoTheme || slices.Contains(in.Themes[:i], id) {
			return in, analysis.Refuse("themes", "%q is empty, reserved or there twice", id)
		}
	}
	return in, nil
}

// finding is one theme's.
func (in Input) finding(id string, theme, all series, answers int64) Finding {
	n, comments := theme.now.Counts.N(), all.now.Counts.N()
	if n < in.Limits.Hide {
		return Finding{Theme: id, Hidden: true}
	}
	f := Finding{
		Theme: id, N: n, Faint: n < in.Limits.Faint,
		Share: in.share(n, comments), Change: in.change(theme, all), Trend: in.trend(theme, all),
	}
	others := all.now.Counts
	for score, k := range theme.now.Counts {
		others[score] -= k
	}
	if left := others.N(); left > 0 && left < in.Limits.Hide {
		return f // what is shown of these would be told of the others
	}
	mood := in.mood(theme.now)
	f.Mood, f.Score = &mood, in.level(theme.now.Counts)
	if others.N() > 0 {
		f.Effect = in.effect(others, theme.now.Counts, float64(n)/float64(answers))
	}
	return f
}

// The workers below are given checked counts and a checked confidence, for which
// package analysis has an answer.

func (in Input) level(c surveys.Counts) *Level {
	e, err := analysis.Score(in.Metric, c, in.Confidence)
	if err != nil || e.Empty() {
		return nil
	}
	return &Level{e.Score, e.Interval.Low, e.Interval.High}
}

// ofShare puts a share into the counts of a metric whose headline is one.
func ofShare(n, of int64) surveys.Counts { return surveys.Counts{1: of - n, 5: n} }

func (in Input) share(n, of int64) *Share {
	e, err := analysis.Score(surveys.CSAT, ofShare(n, of), in.Confidence)
	if err != nil || e.Empty() {
		return nil
	}
	return &Share{N: n, Of: of, Share: e.Score, Low: e.Interval.Low, High: e.Interval.High}
}

func (in Input) effect(others, theme surveys.Counts, weight float64) *Effect {
	d, err := analysis.Compare(in.Metric, others, theme, in.Confidence)
	if err != nil {
		return nil
	}
	return &Effect{
		Difference: d, PAdjusted: d.P,
		Leverage: -weight * d.Difference, LeverageLow: -weight * d.High, LeverageHigh: -weight * d.Low,
	}
}

// mood is the mean of n values with Σ and Σ², x̄ ± t·√((Σ² − Σ·x̄)/(n−1)/n), and
// the share of negative ones.
func (in Input) mood(c Cell) Mood {
	m := Mood{Felt: c.Felt(), Of: c.Counts.N()}
	if m.Felt < max(in.Limits.Hide, 2) {
		return m
	}
	n := float64(m.Felt)
	mean := float64(c.Sum) / 1000 / n
	variance := math.Max(float64(c.Squares)/1e6-n*mean*mean, 0) / (n - 1)
	half := dist.T(in.Confidence, n-1) * math.Sqrt(variance/n)
	m.Mean = &Level{mean, mean - half, mean + half}
	m.Negative = in.share(c.Negative, m.Felt)
	return m
}

func (in Input) change(theme, all series) *Change {
	n, of := theme.before.Counts.N(), all.before.Counts.N()
	if of == 0 {
		return nil
	}
	now := ofShare(theme.now.Counts.N(), all.now.Counts.N())
	d, err := analysis.Compare(surveys.CSAT, ofShare(n, of), now, in.Confidence)
	if err != nil {
		return nil
	}
	c := &Change{Direction: Up, P: d.P, PAdjusted: d.P}
	if d.Difference < 0 {
		c.Direction = Down
	}
	if n == 0 || n >= in.Limits.Hide { // none at all gives nobody away
		c.Before = in.share(n, of)
		c.Difference = &Level{d.Difference, d.Low, d.High}
	}
	return c
}

func (in Input) trend(theme, all series) []Point {
	points := make([]Point, len(all.steps))
	for i, step := range all.steps {
		points[i] = Point{Start: step.start, Comments: step.n, N: theme.steps[i].n}
		if step.n >= in.Limits.Hide {
			s := in.share(points[i].N, step.n)
			points[i].Share = &Level{s.Share, s.Low, s.High}
		}
	}
	return points
}

// adjust makes the p-values of the themes that are shown those of a scan, and
// says what is real by them.
func (in Input) adjust(findings []Finding) {
	var effects, changes []*float64
	for i := range findings {
		if e := findings[i].Effect; e != nil {
			effects = append(effects, &e.PAdjusted)
		}
		if c := findings[i].Change; c != nil {
			changes = append(changes, &c.PAdjusted)
		}
	}
	for _, family := range [][]*float64{effects, changes} {
		p := make([]float64, len(family))
		for i := range family {
			p[i] = *family[i]
		}
		adjusted, err := analysis.BenjaminiHochberg(p)
		if err != nil {
			continue // they are p-values already
		}
		for i := range family {
			*family[i] = adjusted[i]
		}
	}
	for i := range findings {
		if e := findings[i].Effect; e != nil {
			e.Real = e.PAdjusted < 1-in.Confidence
			e.Verdict = e.verdict()
		}
		if c := findings[i].Change; c != nil && c.PAdjusted >= 1-in.Confidence {
			c.Direction = Steady
		}
	}
}

// rank puts first what moves the score, then what is talked about.
func rank(findings []Finding) {
	pull := func(f Finding) float64 {
		if f.Effect == nil || !f.Effect.Real {
			return 0
		}
		return math.Abs(f.Effect.Leverage)
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(pull(b), pull(a)), cmp.Compare(b.N, a.N))
	})
}

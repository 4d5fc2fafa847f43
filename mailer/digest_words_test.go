package mailer

import (
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// course is a trend by week: answers and score of each, with a level of 36 that
// was worked out for every week, as it is for those before anybody answered.
func course(weeks ...[2]float64) analysis.Report {
	r := analysis.Report{Metric: surveys.NPS, From: 20000, To: 20000 + analysis.Day(7*len(weeks))}
	level, low, high := 36.0, 20.0, 52.0
	for i, week := range weeks {
		p := analysis.TrendPoint{Start: 20000 + analysis.Day(7*i), N: int64(week[0]), Smooth: &level, SmoothLow: &low, SmoothHigh: &high}
		if p.N >= 5 {
			p.Score = &week[1]
		}
		r.Trend = append(r.Trend, p)
	}
	return r
}

// TestPictureBeginsWithTheFirstAnswer: nothing is drawn or said of weeks before
// it, and the weeks' scores are their own.
func TestPictureBeginsWithTheFirstAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		report analysis.Report
		weeks  int // 0: there is no picture
		says   string
	}{
		"a year too early": {course([2]float64{}, [2]float64{}, [2]float64{12, 60}, [2]float64{9, 26}, [2]float64{}, [2]float64{3, -100}, [2]float64{20, 30}), 5,
			"NPS week by week from 18 October 2024 to 21 November 2024: 30 from 20 answers in the newest, 26 from 9 answers in the lowest, 60 from 12 answers in the highest. The level that runs through them ends at 36 (95% interval 20 to 52)."},
		"no week has a score": {course([2]float64{3, 0}, [2]float64{4, 0}), 2,
			"NPS from 4 October 2024 to 17 October 2024: no week has enough answers for a score of its own. The level that runs through them ends at 36 (95% interval 20 to 52)."},
		"one week":      {course([2]float64{}, [2]float64{}, [2]float64{30, 9}), 0, ""},
		"nobody":        {course([2]float64{}, [2]float64{}), 0, ""},
		"no weeks even": {course(), 0, ""},
	} {
		d, ok := newDrawing(c.report)
		if ok != (c.weeks > 0) || ok && len(d.points) != c.weeks {
			t.Errorf("%s: drawn: %t, %d weeks", name, ok, len(d.points))
		}
		if !ok {
			continue
		}
		p := digestsTo(t, nil, time.Now).paper(flow.Edition{To: c.report.To, User: surveys.User{Locale: "en"}}, "")
		if got := p.course(d); got != c.says {
			t.Errorf("%s: it says\n%s\nwant\n%s", name, got, c.says)
		}
	}
}

// TestPictureEndsWithTheScale: what a level may be is not told beyond 100, which no
// score is.
func TestPictureEndsWithTheScale(t *testing.T) {
	t.Parallel()
	r := course([2]float64{12, 60}, [2]float64{18, 90})
	level, high := 82.0, 121.0
	r.Trend[1].Smooth, r.Trend[1].SmoothHigh = &level, &high
	d, ok := newDrawing(r)
	if !ok {
		t.Fatal("there is no picture")
	}
	for lang, want := range map[string]string{"en": "20 to 100", "zh-Hans": "20 至 100"} {
		p := digestsTo(t, nil, time.Now).paper(flow.Edition{To: r.To, User: surveys.User{Locale: lang}}, "")
		if got := p.course(d); !strings.Contains(got, want) || strings.Contains(got, "121") {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

// TestSubjectAgreesWithTheLetter: what the letter calls more than chance, or a real
// change within the period, its subject does not call normal.
func TestSubjectAgreesWithTheLetter(t *testing.T) {
	t.Parallel()
	score, day := 41.6, analysis.DateDay(2026, 10, 5)
	r := analysis.Report{Metric: surveys.NPS, From: day - 30, N: 300, Score: &score, Interval: &analysis.Interval{Low: 36, High: 47}, Verdict: analysis.Verdict{Kind: analysis.Normal, Stretch: 1.5,
		Difference: &analysis.Difference{Difference: 10, Low: 2, High: 18}, Gates: analysis.Gates{Size: analysis.Passed, Interval: analysis.Failed, Alarm: analysis.Unknown}}}
	subject := func(lang string) string {
		e := flow.Edition{User: surveys.User{Locale: lang}, News: []flow.EditionSurvey{{Survey: surveys.Survey{Name: "Shop", Metric: surveys.NPS}, Report: r, Why: flow.NewsAnswers}}}
		return digestsTo(t, nil, time.Now).paper(e, "").subject()
	}
	if en, zh := subject("en"), subject("zh-Hans"); en != "NPS 42, no real change · Shop" || zh != "NPS 42，没有真正的变化 · Shop" {
		t.Errorf("%q, %q", en, zh)
	}
	r.Last = &analysis.Change{At: day, Difference: 23}
	if got := subject("en"); got != "Shop: NPS rose by 23 in the week of 5 October 2026" {
		t.Error(got)
	}
}

func TestSubjectSaysWhatIsNews(t *testing.T) {
	t.Parallel()
	score, day := 41.6, analysis.DateDay(2026, 10, 5)
	calm := analysis.Report{Metric: surveys.NPS, From: day + 7, N: 300, Score: &score, Interval: &analysis.Interval{Low: 36, High: 47}, Verdict: analysis.Verdict{Kind: analysis.Normal},
		Last: &analysis.Change{At: day, Difference: -48.7}}
	for why, want := range map[flow.News][2]string{
		flow.NewsAnswers:  {"NPS 42, within normal variation · Shop", "NPS 42，属于正常波动 · Shop"},
		flow.NewsChange:   {"Shop: NPS fell by 49 in the week of 5 October 2026", "Shop：NPS 在 2026年10月5日当周下降了 49 分"},
		flow.NewsFirst:    {"Shop: the first score, NPS 42", "Shop：首次得出分数，NPS 42"},
		flow.NewsComments: {"Shop: new comments with a low score", "Shop：有新的低分评论"},
	} {
		for i, lang := range []string{"en", "zh-Hans"} {
			e := flow.Edition{User: surveys.User{Locale: lang}, News: []flow.EditionSurvey{{Survey: surveys.Survey{Name: "Shop", Metric: surveys.NPS}, Report: calm, Why: why}}}
			if got := digestsTo(t, nil, time.Now).paper(e, "").subject(); got != want[i] {
				t.Errorf("%s: %q, want %q", why, got, want[i])
			}
		}
	}
}

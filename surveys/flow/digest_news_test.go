package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// writes stores one answer now, with a comment.
func (x *reader) writes(score int, comment string) {
	x.t.Helper()
	r := storetest.Response(x.t, x.store, x.survey, score)
	r.Comment, r.Day = comment, surveys.Day(x.store.Now(), x.w.Zone)
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
}

// weeks stores so many answers in each of the last weeks, the same scores.
func (x *reader) weeks(from, to, each int, scores ...int) {
	x.t.Helper()
	var list []surveys.Response
	for week := from; week < to; week++ {
		for i := range each {
			r := storetest.Response(x.t, x.store, x.survey, scores[i%len(scores)])
			r.AnsweredAt = x.store.Now().AddDate(0, 0, -7*week-1-i%7)
			r.Day = surveys.Day(r.AnsweredAt, x.w.Zone)
			list = append(list, r)
		}
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}

// due waits for the next digest, and returns why it tells of the survey; "" when
// none came.
func (x *reader) due() flow.News {
	x.t.Helper()
	before := x.box.count()
	x.toDue(0)
	if err := x.pass(); err != nil {
		x.t.Fatal(err)
	}
	if x.box.count() == before {
		return ""
	}
	for _, one := range x.box.last().News {
		if one.Survey.ID == x.survey.ID {
			return one.Why
		}
	}
	return ""
}

// TestWhatIsNews lets things happen, and looks whether a digest comes of them.
func TestWhatIsNews(t *testing.T) {
	t.Parallel()
	type kase struct {
		happens                 func(x *reader)
		daily, wanting, mondays flow.News // a daily one, a daily one with comments, a weekly one
	}
	each(t, map[string]kase{
		"nothing":             {func(*reader) {}, "", "", ""},
		"one answer":          {func(x *reader) { x.answer(9) }, "", "", flow.NewsAnswers},
		"a low score":         {func(x *reader) { x.answer(0) }, "", "", flow.NewsAnswers},
		"many answers":        {func(x *reader) { x.answer(9, 9, 3, 8, 9, 3, 9, 9, 8, 10) }, flow.NewsFirst, flow.NewsFirst, flow.NewsFirst},
		"a low comment":       {func(x *reader) { x.writes(2, "late") }, "", flow.NewsComments, flow.NewsAnswers},
		"praise":              {func(x *reader) { x.writes(10, "lovely") }, "", "", flow.NewsAnswers},
		"a comment of nobody": {func(x *reader) { x.writes(2, "") }, "", "", flow.NewsAnswers},
	}, func(x *reader, c kase) {
		for _, one := range []struct {
			wish flow.Wish
			want flow.News
		}{
			{flow.Wish{Every: surveys.DigestDaily}, c.daily}, {flow.Wish{Every: surveys.DigestDaily, Comments: true}, c.wanting}, {flow.Wish{Every: surveys.DigestWeekly}, c.mondays},
		} {
			y := x.fresh(x.t)
			one.wish.On, one.wish.Hour = true, 8
			y.choose(one.wish)
			c.happens(y)
			if got := y.due(); got != one.want {
				x.t.Errorf("%+v: %q is news, want %q", one.wish, got, one.want)
			}
			if got := y.due(); got != "" {
				x.t.Errorf("%+v: it is told again as %q", one.wish, got)
			}
		}
	})
}

// TestDailyDigestsAreRare has people answer every day for five weeks, as always,
// and then a fall: one mail says so, and the days after it are quiet again.
func TestDailyDigestsAreRare(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.weeks(0, 40, 35, 9, 10, 8, 9, 3)
		x.choose(flow.Wish{Every: surveys.DigestDaily, Hour: 8})
		x.choose(flow.Wish{On: true, Every: surveys.DigestDaily, Hour: 8})
		for day := range 10 {
			x.answer(9, 10, 8, 9, 3)
			if got := x.due(); got != "" {
				x.t.Fatalf("on day %d of usual ones %q is news: %+v", day, got, x.box.last().News[0].Report.Verdict)
			}
		}
		x.weeks(0, 9, 60, 0, 1, 3, 2, 9)
		if got := x.due(); got != flow.NewsVerdict {
			x.t.Fatalf("a fall is %q", got)
		}
		for range 5 {
			x.answer(0, 1, 3, 2, 9)
			if got := x.due(); got != "" {
				x.t.Errorf("the same fall is told again, as %q", got)
			}
		}
	})
}

// TestVerdictOfOldIsNotToldAgain: a verdict that was told before its day was kept is
// not news, now or a quarter later, since it stands for what the last digest said.
func TestVerdictOfOldIsNotToldAgain(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		x.weeks(9, 40, 60, 9, 10, 8, 9, 3)
		x.weeks(0, 9, 60, 0, 1, 3, 2, 9)
		d := x.stored()
		e, err := x.digests.Edition(x.t.Context(), x.w, x.user, d)
		if err != nil || len(e.News) != 1 || e.News[0].Why != flow.NewsVerdict {
			x.t.Fatalf("%+v is told, %v", e.News, err)
		}
		told := e.Told[x.survey.ID]
		told.Day, d.ToldDay = 0, int(e.To)-7
		d.Told = map[string]surveys.DigestTold{x.survey.ID: told}
		e, err = x.digests.Edition(x.t.Context(), x.w, x.user, d)
		if err != nil || e.Told[x.survey.ID].Day == 0 {
			x.t.Errorf("kept %+v, %v", e.Told, err)
		}
		for _, one := range e.News {
			if one.Why == flow.NewsVerdict {
				x.t.Errorf("%s is told again", one.Report.Verdict.Text)
			}
		}
	})
}

// TestQuietSurveysAreNotTold: a mail about another survey tells nothing of the
// quiet one's verdict, and so does not make it old.
func TestQuietSurveysAreNotTold(t *testing.T) {
	t.Parallel()
	readers(t, func(x *reader) {
		d := x.stored()
		d.Told[x.survey.ID] = surveys.DigestTold{Answers: 0, Verdict: "fall", Day: 7, Change: 5}
		quiet := x.survey
		x.survey = storetest.Survey(x.t, x.store, x.w.ID, surveys.CSAT)
		x.answer(5)
		x.clock.Advance(24 * time.Hour)
		e, err := x.digests.Edition(x.t.Context(), x.w, x.user, d)
		if err != nil || len(e.News) != 1 || e.Told[quiet.ID] != d.Told[quiet.ID] {
			x.t.Errorf("told %+v, %v, want %+v", e.Told[quiet.ID], err, d.Told[quiet.ID])
		}
		if got := e.Told[x.survey.ID]; got.Day != int(e.To) || got.Verdict == "" || got.Answers != 1 {
			x.t.Errorf("told %+v of what is in the mail", got)
		}
	})
}

func TestVerdictIsNewsOnce(t *testing.T) {
	t.Parallel()
	e := flow.Edition{From: 1000, To: 1090}
	for name, c := range map[string]struct {
		told surveys.DigestTold
		now  analysis.VerdictKind
		want bool
	}{
		"nothing was told":            {surveys.DigestTold{}, analysis.Fall, true},
		"nothing happened":            {surveys.DigestTold{}, analysis.Normal, false},
		"it was told yesterday":       {surveys.DigestTold{Verdict: "fall", Day: 1089}, analysis.Fall, false},
		"it was told a quarter ago":   {surveys.DigestTold{Verdict: "fall", Day: 1000}, analysis.Fall, true},
		"it turned":                   {surveys.DigestTold{Verdict: "fall", Day: 1089}, analysis.Rise, true},
		"it is the mix after all":     {surveys.DigestTold{Verdict: "fall", Day: 1089}, analysis.Mixed, true},
		"it is over":                  {surveys.DigestTold{Verdict: "fall", Day: 1089}, analysis.Normal, false},
		"too few are left to tell":    {surveys.DigestTold{Verdict: "rise", Day: 1089}, analysis.TooFew, false},
		"nobody answered ever since":  {surveys.DigestTold{Verdict: "rise", Day: 1089}, analysis.None, false},
		"what was not asked is none":  {surveys.DigestTold{}, analysis.Unread, false},
		"normal was told, and a fall": {surveys.DigestTold{Verdict: "normal", Day: 1089}, analysis.Fall, true},
	} {
		if got := flow.Turned(e, c.told, c.now); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestChangeIsNewsOnce(t *testing.T) {
	t.Parallel()
	e := flow.Edition{From: 1000, To: 1090}
	at := func(day, earliest analysis.Day) *analysis.Change {
		return &analysis.Change{At: day, Earliest: earliest, Difference: -9}
	}
	mix := at(1050, 1043)
	mix.ByMix = true
	for name, c := range map[string]struct {
		told int
		last *analysis.Change
		want bool
	}{
		"there is none":                     {0, nil, false},
		"nothing was told":                  {0, at(1050, 1043), true},
		"before the period":                 {0, at(990, 985), false},
		"it was told":                       {1050, at(1050, 1043), false},
		"it was told, and its date moved":   {1050, at(1064, 1043), false},
		"another one after it":              {1020, at(1064, 1050), true},
		"only other people answered":        {0, mix, false},
		"an older one, as the told is gone": {1064, at(1020, 1013), false},
	} {
		if got := flow.Changed(e, surveys.DigestTold{Change: c.told}, c.last); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

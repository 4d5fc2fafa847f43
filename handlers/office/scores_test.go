package office

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestScoresTeachHowToBegin(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	p := x.as(surveys.Manager).get("/scores").want(http.StatusOK)
	p.says(".empty h2", "Ask your first question")
	p.has(`.empty a[href="/surveys/new"]`, 1)
	p.has(".scores", 0)
	x.as(surveys.Viewer).get("/scores").has(`a[href="/surveys/new"]`, 0)
}

func TestScoresListSurveys(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		nps, few := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		old := storetest.Survey(t, s, x.w.ID, surveys.CES)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			old.Status = surveys.SurveyArchived
			return tx.UpdateSurvey(ctx, old)
		})
		x.answers(nps, many(200, 3, "pro", 10, 9, 8, 3)...)
		x.answers(few, many(4, 3, "pro", 5)...)

		p := x.as(surveys.Viewer).get("/scores").want(http.StatusOK)
		p.has("main > .scores > li", 2)
		p.says(".scores-order", "really fell come first")
		p.says(".scores li:nth-child(2) h2", nps.Name)
		p.says(".scores li:nth-child(2) .figure", "25 ± ")
		p.says(".scores li:nth-child(2) .says", "no answers in the 90 days before")
		p.says(".scores li:nth-child(2) .says .faint", "200 answers in the last 90 days")
		p.has(`.scores li:nth-child(2) .says p:first-child a[href*="/responses?from="]`, 1)
		p.says(".scores li:nth-child(2) .n a", "200 answers")
		p.says(".scores li:nth-child(2) .short button", "nothing to compare with")
		p.says(".scores li:nth-child(1) .short button", "too few to show")
		if full := p.Find(".scores li:nth-child(2) .short button").AttrOr("title", ""); !strings.Contains(full, "no answers in the 90 days before") {
			t.Errorf("the short verdict's title is %q", full)
		}
		p.says(".scores li:nth-child(1) .figure", "–")
		p.says(".scores li:nth-child(1) .says", "single people")
		p.says("details.archived", old.Name)
		p.says("details.archived", "Archived")
	})
}

// Lines of one metric are drawn to one scale, with their bands; the ground of the
// last 90 days begins where those begin.
func TestScoresDrawLinesAlike(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	calm, wild := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	for week := range 30 {
		x.answers(calm, many(40, 7*week, "pro", 10, 9, 8, 3)...)
		scores := []int{10, 9, 9, 8}
		if week < 15 {
			scores = []int{3, 2, 1, 10}
		}
		x.answers(wild, many(40, 7*week, "pro", scores...)...)
	}
	p := x.as(surveys.Viewer).get("/scores").want(http.StatusOK)
	p.has(".scores > li .spark .band", 2)
	p.has(".scores > li .spark .since", 2)
	p.says(".scores-order", "shaded: these 90 days")
	height := func(survey surveys.Survey) float64 {
		var low, high float64 = 100, 0
		line := p.Find(".scores > li").Has(`h2 a[href="`+reportPath(survey)+`"]`).Find(".spark .line").AttrOr("d", "")
		for _, point := range strings.FieldsFunc(line, func(r rune) bool { return r == 'M' || r == 'L' }) {
			_, text, _ := strings.Cut(point, " ")
			y, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			low, high = min(low, y), max(high, y)
		}
		return high - low
	}
	if got := height(calm); got > 3 {
		t.Errorf("the calm line is %v px high beside one that moved", got)
	}
	if got := height(wild); got < 15 {
		t.Errorf("the line that moved most is %v px high", got)
	}
}

// A survey of six weeks has a line of six weeks beside that of a year.
func TestScoresDrawAYoungSurveyShort(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	young, old := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	for week := range 50 {
		if week < 6 {
			x.answers(young, many(20, 7*week, "pro", 10, 9, 8, 3)...)
		}
		x.answers(old, many(20, 7*week, "pro", 10, 9, 8, 3)...)
	}
	p := x.as(surveys.Viewer).get("/scores").want(http.StatusOK)
	start := func(survey surveys.Survey, of, attribute string) float64 {
		text := p.Find(".scores > li").Has(`h2 a[href="`+reportPath(survey)+`"]`).Find(".spark "+of).AttrOr(attribute, "")
		first, _, _ := strings.Cut(strings.TrimPrefix(text, "M"), " ")
		x, err := strconv.ParseFloat(first, 64)
		if err != nil {
			t.Fatalf("%s of %q: %v", attribute, text, err)
		}
		return x
	}
	if at := start(old, ".line", "d"); at > 15 {
		t.Errorf("the line of a year begins at %v of 120", at)
	}
	if at := start(young, ".line", "d"); at < 90 {
		t.Errorf("the line of six weeks begins at %v of 120", at)
	}
	if a, b := start(young, ".since", "x"), start(old, ".since", "x"); a != b {
		t.Errorf("these 90 days begin at %v beside %v", a, b)
	}
}

// A response rate has its interval, and leads to the answers that it is made of.
func TestScoresLeadToWhoAnswered(t *testing.T) {
	t.Parallel()
	v := speaking(t, "en")
	rate, low, high := 0.27, 0.253, 0.29
	said := responseRate(v, surveys.Survey{ID: "s1"}, analysis.Asked{From: 20000, To: 20090, Rate: &rate, Low: &low, High: &high})
	if got := said.String(); got != "27% of those asked answered (25% to 29%)" {
		t.Errorf("it says %q", got)
	}
	if got := said[0].Address; got != "/responses?invited=2024-10-04..2025-01-01&survey=s1" {
		t.Errorf("it leads to %q", got)
	}
}

func TestScoresShowNoOthersSurveys(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS)
	x.as(surveys.Owner).get("/scores").has(".scores li", 0)
}

func TestScoresSpeakChinese(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	x.answers(survey, many(60, 2, "pro", 5, 4, 2)...)
	m := x.as(surveys.Viewer)
	m.cookies = append(m.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
	p := m.get("/scores").want(http.StatusOK)
	p.says("h1", "得分")
	p.says(".scores .says", "此前 90 天没有回答可供比较。")
	p.says(".scores .says .faint", "近 90 天共 60 份回答")
	if got := p.Find("html").AttrOr("lang", ""); got != "zh-Hans" {
		t.Errorf("lang %q", got)
	}
}

// TestWhatCannotWaitComesFirst: falls before rises before the rest; also a fall that
// the period saw, and one that other people's answers explain in part only.
func TestWhatCannotWaitComesFirst(t *testing.T) {
	t.Parallel()
	told := func(v analysis.Verdict, last *analysis.Change) analysis.Report {
		return analysis.Report{From: 100, To: 190, Verdict: v, Last: last}
	}
	mix := func(mix, rest, high float64) analysis.Verdict {
		return analysis.Verdict{Kind: analysis.Mixed, Difference: &analysis.Difference{Difference: mix + rest}, Mix: &analysis.MixCheck{Mix: mix, Difference: rest, High: high}}
	}
	order := []analysis.Report{
		told(analysis.Verdict{Kind: analysis.Fall}, nil),
		told(analysis.Verdict{Kind: analysis.Normal}, &analysis.Change{At: 120, Difference: -20}),
		told(analysis.Verdict{Kind: analysis.Rise}, nil),
		told(analysis.Verdict{Kind: analysis.Normal}, &analysis.Change{At: 120, Difference: 20}),
		told(analysis.Verdict{Kind: analysis.Normal}, &analysis.Change{At: 90, Difference: -20}),
	}
	for i := range order[1:] {
		if urgency(order[i]) >= urgency(order[i+1]) {
			t.Errorf("%d waits for %d", i, i+1)
		}
	}
	if urgency(told(mix(-4, -4, -1), nil)) != urgency(order[1]) || urgency(told(mix(-4, -4, 2), nil)) != 0 || urgency(told(mix(-8, -.1, -.05), nil)) != 0 {
		t.Error("a fall that is half of mix does not come first, or one that is all of it does")
	}
}

package office

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// group are people of one plan who answer some times a week, with true shares of
// promoters and detractors.
type group struct {
	plan      string
	weekly    int
	good, bad float64
}

// courseWeeks is how many weeks a believable course has: a year, and the year
// before it that tells what is normal.
const courseWeeks = 104

// course draws the answers of a survey week by week, the oldest first; who
// answers so many weeks ago is what groups says. The same seed gives the same
// answers.
func course(seed uint64, groups func(weeksAgo int) []group) []answer {
	draw := rand.New(rand.NewPCG(seed, 9)) // believable, and the same every time
	var list []answer
	for ago := courseWeeks - 1; ago >= 0; ago-- {
		for _, g := range groups(ago) {
			for range g.weekly {
				a := answer{daysAgo: 7*ago + draw.IntN(7), plan: g.plan}
				switch u := draw.Float64(); {
				case u < g.good:
					a.score = 9 + draw.IntN(2)
				case u < g.good+g.bad:
					a.score = draw.IntN(7)
				default:
					a.score = 7 + draw.IntN(2)
				}
				if draw.IntN(5) == 0 {
					a.comment = [...]string{"Never again: the parcel came late.", "It is fine, though not cheap.", "Fresh, on time, and a kind note in the box."}[min(max(a.score-6, 0)/2, 2)]
				}
				list = append(list, a)
			}
		}
	}
	return list
}

// even are ten answers on each day of a course, the same every day: multiplied
// answers that were drawn would vary from week to week far more than so many do.
func even() []answer {
	var list []answer
	for ago := range 7 * courseWeeks {
		for i, score := range []int{10, 9, 3, 8, 10, 9, 7, 9, 5, 8} {
			list = append(list, answer{score: score, daysAgo: ago, plan: [...]string{"basic", "pro"}[i/5]})
		}
	}
	return list
}

// lately reports whether a week lies in the newest quarter, the report's period.
func lately(weeksAgo int) bool { return weeksAgo < 13 }

// state is one thing that a report may have to show.
type state struct {
	name    string
	answers []answer
	times   int64 // by how much the counts are multiplied; 0: not
}

// millions is by how much the counts of the largest state are multiplied, so that
// they stand for ten million answers. Only rollups are multiplied, which are all
// that a report reads: the rows behind them stay as few as they were. The
// benchmark has ten million rows.
const millions = 10_000_000 / (7 * courseWeeks * 10)

func states() []state {
	steady := func(int) []group { return []group{{"basic", 30, .5, .2}, {"pro", 30, .52, .18}} }
	moved := func(good, bad float64) func(int) []group {
		return func(ago int) []group {
			if lately(ago) {
				return []group{{"basic", 30, good, bad}, {"pro", 30, .52, .18}}
			}
			return steady(ago)
		}
	}
	mixed := func(ago int) []group {
		if lately(ago) {
			return []group{{"basic", 45, .3, .4}, {"pro", 15, .7, .08}}
		}
		return []group{{"basic", 15, .3, .4}, {"pro", 45, .7, .08}}
	}
	few := func(n int) []answer { return many(n, 3, "pro", 10, 9, 3, 8, 10, 7, 9) }
	return []state{
		{name: "0"}, {name: "1", answers: few(1)}, {name: "4", answers: few(4)}, {name: "29", answers: few(29)},
		{name: "300", answers: append(many(200, 3, "pro", 10, 9, 3, 8, 10, 7, 9), many(100, 30, "basic", 10, 9, 3, 8, 2, 7, 9)...)},
		{name: "quiet", answers: course(3, steady)},
		{name: "rise", answers: course(3, moved(.72, .06))},
		{name: "fall", answers: course(3, moved(.28, .46))},
		{name: "mix", answers: course(3, mixed)},
		{name: "10M", answers: even(), times: millions},
	}
}

// matrix is a workspace with a survey in each state.
type matrix struct {
	*team
	surveys map[string]surveys.Survey
}

// newMatrix fills a workspace on SQLite with every state.
func newMatrix(t *testing.T) *matrix {
	t.Helper()
	address := storetest.URL(t, store.SQLite)
	s := storetest.OpenURL(t, address, storetest.Start)
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	m := &matrix{team: newTeam(t, s), surveys: make(map[string]surveys.Survey)}
	for _, one := range states() {
		survey := storetest.Survey(t, s, m.w.ID, surveys.NPS)
		m.answers(survey, one.answers...)
		if one.times > 0 {
			multiply(t, address, survey, one.times)
		}
		m.surveys[one.name] = survey
	}
	return m
}

// multiply makes of every answer in a survey's rollups many.
func multiply(t *testing.T, address string, survey surveys.Survey, times int64) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var sums []string
	for _, column := range strings.Fields("n c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 comments") {
		sums = append(sums, fmt.Sprintf("%[1]s = %[1]s * %[2]d", column, times))
	}
	if _, err := db.Exec("UPDATE rollups SET "+strings.Join(sums, ", ")+" WHERE workspace_id = ? AND survey_id = ?", string(survey.WorkspaceID), survey.ID); err != nil {
		t.Fatal(err)
	}
}

// matrixCases say what the page of each state shows, in both languages, and what
// it does not.
func matrixCases() map[string]struct {
	english, chinese []string // in the lead
	shown, hidden    []string // selectors
} {
	type c = struct{ english, chinese, shown, hidden []string }
	figures := []string{"#trend", "#answers", "#compare", "#segments"}
	whole := append([]string{"#trend path.line", "#trend .span", "#answers rect.bar", "#compare tbody tr", "#segments line.whisker", "#trend table", "#answers table, #answers .bar"}, "#comments")
	return map[string]c{
		"0":     {[]string{"0 answers", "from 5 on"}, []string{"0 份回答", "满 5 份"}, []string{".empty", "#survey-link"}, append(figures, "#comments")},
		"1":     {[]string{"1 answer.", "would give single people away"}, []string{"1 份回答", "公开个人的意见"}, []string{"#comments"}, append(figures, ".empty")},
		"4":     {[]string{"4 answers", "would give single people away"}, []string{"4 份回答", "公开个人的意见"}, []string{"#comments"}, append(figures, ".empty")},
		"29":    {[]string{"45 ± 30", "29 answers", "few answers"}, []string{"45 ± 30", "29 份回答", "误差范围"}, []string{".lead .weak", "#trend", "#answers"}, []string{"#compare", "#segments", ".empty"}},
		"300":   {[]string{"300 answers", "no answers in the 90 days before"}, []string{"300 份回答", "没有回答可供比较"}, []string{"#trend", "#answers", "#segments"}, []string{".lead .weak", "#compare", ".empty"}},
		"quiet": {[]string{"within normal variation"}, []string{"正常波动"}, whole, []string{".lead .weak"}},
		"rise":  {[]string{"a real rise", "began in the week of", "basic"}, []string{"确实上升了", "basic"}, append(whole, "#trend .change"), []string{".lead .weak"}},
		"fall":  {[]string{"a real fall", "began in the week of", "basic", "not explained by who answered"}, []string{"确实下降了", "basic", "不是回答者构成"}, append(whole, "#trend .change"), []string{".lead .weak"}},
		"mix":   {[]string{"because of who answered", "At the same mix"}, []string{"回答者的构成变了", "如果构成不变"}, whole, []string{".lead .weak"}},
		"10M":   {[]string{"answers", "within normal variation"}, []string{"份回答", "正常波动"}, whole, []string{".lead .weak"}},
	}
}

// TestReportInEveryState: from nobody to ten million, and what a year may bring.
func TestReportInEveryState(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for name, c := range matrixCases() {
		for language, says := range map[string][]string{"en": c.english, "zh-Hans": c.chinese} {
			t.Run(name+"/"+language, func(t *testing.T) {
				viewer := m.as(surveys.Viewer)
				viewer.cookies = append(viewer.cookies, &http.Cookie{Name: "hark_language", Value: language})
				p := viewer.get("/surveys/" + m.surveys[name].ID)
				p.t = t
				p.want(http.StatusOK).has("h1", 1)
				for _, text := range says {
					p.says(".lead", text)
				}
				for _, selector := range c.shown {
					if p.Find(selector).Length() == 0 {
						t.Errorf("%s is not shown", selector)
					}
				}
				for _, selector := range c.hidden {
					p.has(selector, 0)
				}
			})
		}
	}
}

// TestScoresInEveryState: the overview's line of each.
func TestScoresInEveryState(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	p := m.as(surveys.Viewer).get("/scores").want(http.StatusOK)
	p.has(".scores > li", len(states()))
	for _, one := range states() {
		line := p.Find(`.scores > li:has(a[href="/surveys/` + m.surveys[one.name].ID + `"])`)
		switch n := len(one.answers); {
		case n < leastShown:
			if line.Find(".figure.hidden").Length() != 1 || line.Find(".margin").Length() != 0 {
				t.Errorf("%s: a score from %d answers is shown: %q", one.name, n, strings.Join(strings.Fields(line.Text()), " "))
			}
		case n < 30:
			if line.Find(".figure.weak .margin").Length() != 1 {
				t.Errorf("%s: a score from %d answers is not greyed, or has no margin", one.name, n)
			}
		default:
			if line.Find(".figure .margin").Length() != 1 || line.Find(".figure.weak, .figure.hidden").Length() != 0 {
				t.Errorf("%s: %q", one.name, strings.Join(strings.Fields(line.Text()), " "))
			}
		}
	}
}

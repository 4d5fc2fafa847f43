package office

import (
	"context"
	"net/http"
	"testing"

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
		p.says(".scores li:nth-child(1) .figure", "–")
		p.says(".scores li:nth-child(1) .says", "single people")
		p.says("details.archived", old.Name)
		p.says("details.archived", "Archived")
	})
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

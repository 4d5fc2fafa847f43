package office

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// holdAnswer stores an answer to a mail that is not counted.
func (x *team) holdAnswer(survey surveys.Survey, score int, state surveys.HeldState, signals ...surveys.Signal) surveys.HeldAnswer {
	x.t.Helper()
	invitation := storetest.Invitation(x.t, x.store, survey, storetest.Person(x.t, x.store, x.w.ID))
	r := storetest.Response(x.t, x.store, survey, score)
	r.InvitationID, r.PersonID, r.Channel, r.Comment = invitation.ID, invitation.PersonID, surveys.ChannelMail, "Said so."
	h := surveys.HeldAnswer{ID: storetest.ID(x.t, x.store), Response: r, Client: []byte("client"), State: state, Source: surveys.HeldSeen, Signals: signals, CreatedAt: x.store.Now(), UpdatedAt: x.store.Now()}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.Hold(ctx, h) })
	return h
}

// counted is what the rollups count of a survey, which must agree with its answers.
func (x *team) counted(survey surveys.Survey) (n int64) {
	x.t.Helper()
	ctx := context.Background()
	if wrong, err := x.store.Recount(ctx, x.w.ID); err != nil || len(wrong) > 0 {
		x.t.Errorf("the rollups are wrong: %+v, %v", wrong, err)
	}
	list, err := x.store.Rollups(ctx, x.w.ID, store.RollupFilter{SurveyID: survey.ID, To: 1 << 20})
	if err != nil {
		x.t.Fatal(err)
	}
	for _, r := range list {
		n += r.Counts.N()
	}
	return n
}

// TestHeldAnswersAreDecided: the page says why answers are held, and counts one,
// takes that back, and sets another aside and back again.
func TestHeldAnswersAreDecided(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		m, path := x.as(surveys.Manager), "/surveys/"+survey.ID+"/held"
		m.get(path).want(http.StatusOK).says(".empty h2", "Nothing is held back")
		waiting, aside := x.holdAnswer(survey, 9, surveys.HeldWaiting), x.holdAnswer(survey, 0, surveys.HeldAside, surveys.SignalTrap, surveys.SignalLinks)
		p := m.get(path).want(http.StatusOK)
		p.has("table tbody tr", 2)
		for _, why := range []string{"Followed a link that no person can see.", "Opened nearly every link in the mail.", "Nobody pressed Send."} {
			if !strings.Contains(p.text("table"), why) {
				t.Errorf("the page does not say %q: %s", why, p.text("table"))
			}
		}
		m.get(path+"?state=aside").has("table tbody tr", 1)
		if n := x.counted(survey); n != 0 {
			t.Fatalf("%d answers are counted", n)
		}
		sent := m.post(path+"/"+aside.ID+"/count", nil)
		if n := x.counted(survey); n != 1 {
			t.Errorf("after counting one, %d are counted", n)
		}
		undo := m.get(sent.header.Get("Location")).want(http.StatusOK)
		undo.has("table tbody tr", 1)
		m.post(undo.Find("form[action$='/uncount']").AttrOr("action", ""), nil)
		if n := x.counted(survey); n != 0 {
			t.Errorf("after taking it back, %d are counted", n)
		}
		m.get(path+"?state=aside").has("table tbody tr", 1)
		m.post(path+"/"+waiting.ID+"/aside", nil).seesOther(path)
		m.get(path+"?state=aside").has("table tbody tr", 2)
		m.post(path+"/"+waiting.ID+"/wait", nil).seesOther(path)
		m.get(path+"?state=waiting").has("table tbody tr", 1)
		moves, err := s.AnswerMoves(t.Context(), x.w.ID, aside.Response.InvitationID)
		if err != nil || len(moves) != 2 || moves[0].Move != surveys.MoveCounted || moves[1].Move != surveys.MoveSetAside || moves[0].ByUser == "" || moves[1].ByUser == "" {
			t.Errorf("the log says %+v, %v", moves, err)
		}
		m.post(path+"/"+waiting.ID+"/nonsense", nil).want(http.StatusNotFound)
		m.post(path+"/019a0000-0000-7000-8000-000000000000/count", nil).want(http.StatusNotFound)
	})
}

// TestPersonsAnswerIsSetAside: an answer that counted at once, or long ago, is set aside
// on its person's page, and counted again in the list.
func TestPersonsAnswerIsSetAside(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
		person := storetest.Person(t, x.store, x.w.ID)
		invitation := storetest.Invitation(t, x.store, survey, person)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Take(ctx, store.Submission{Response: surveys.Response{
				WorkspaceID: x.w.ID, ID: storetest.ID(t, s), SurveyID: survey.ID, Version: 1, InvitationID: invitation.ID, PersonID: person.ID, Score: 0,
				Channel: surveys.ChannelMail, Locale: "en", AnsweredAt: s.Now(), CreatedAt: s.Now(), UpdatedAt: s.Now(),
			}})
			return err
		})
		x.as(surveys.Agent).get("/people/"+person.ID).has("form[action$='/uncount']", 0)
		m := x.as(surveys.Manager)
		m.post(m.get("/people/"+person.ID).Find("form[action$='/uncount']").AttrOr("action", ""), nil).want(http.StatusSeeOther)
		if n := x.counted(survey); n != 0 {
			t.Errorf("%d answers are counted", n)
		}
		p := m.get("/surveys/" + survey.ID + "/held?state=aside")
		p.has("table tbody tr", 1)
		m.post(p.Find("form[action$='/count']").AttrOr("action", ""), nil).want(http.StatusSeeOther)
		if n := x.counted(survey); n != 1 {
			t.Errorf("%d answers are counted again", n)
		}
		moves, err := s.AnswerMoves(t.Context(), x.w.ID, invitation.ID)
		if err != nil || len(moves) != 2 || moves[0].ByUser == "" || moves[1].ByUser == "" {
			t.Errorf("the log says %+v, %v", moves, err)
		}
	})
}

// TestReportCountsBoth: the report says how many answers wait or were set aside,
// and leads a manager to them.
func TestReportCountsBoth(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	storetest.Answer(t, x.store, survey, 9) // without any, the report says only that
	x.holdAnswer(survey, 9, surveys.HeldWaiting)
	x.holdAnswer(survey, 8, surveys.HeldWaiting)
	aside := x.holdAnswer(survey, 0, surveys.HeldAside, surveys.SignalTrap)
	list, err := x.store.UncountedInvitations(t.Context(), x.w.ID, "", 9)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		segments := make(map[string]map[string]string)
		for _, i := range list {
			segments[i.ID] = map[string]string{}
		}
		if err := tx.CountInvitations(ctx, x.w, segments); err != nil {
			return err
		}
		return tx.NoteVisitors(ctx, x.w.ID, aside.Response.InvitationID, false, true)
	})
	p := x.as(surveys.Manager).get("/surveys/" + survey.ID).want(http.StatusOK)
	for _, says := range []string{"2 answers from mails wait", "One answer from a mail was set aside", "Machines opened links in one mail."} {
		if !strings.Contains(p.text("#asked"), says) {
			t.Errorf("the report does not say %q: %s", says, p.text("#asked"))
		}
	}
	p.has(`#asked a[href*="/held?state=waiting"]`, 1)
	x.as(surveys.Viewer).get("/surveys/"+survey.ID).has(`#asked a[href*="/held"]`, 0)
}

// TestSurveyFormKeepsMachines: the editor stores the choice, and a form without it
// changes nothing.
func TestSurveyFormKeepsMachines(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, path := x.as(surveys.Manager), "/surveys/"+survey.ID
	form := m.get(path + "/edit").want(http.StatusOK).form("form.form")
	if form.Get("machines") != "balanced" {
		t.Errorf("the form begins with %q", form.Get("machines"))
	}
	for _, step := range []struct {
		sent string
		want surveys.Machines
	}{{"strict", surveys.Strict}, {"", surveys.Strict}, {"eager", surveys.Eager}, {"balanced", surveys.Balanced}} {
		if form.Set("machines", step.sent); step.sent == "" {
			form.Del("machines")
		}
		m.post(path, form)
		if stored, err := x.store.Survey(t.Context(), x.w.ID, survey.ID); err != nil || stored.Machines != step.want {
			t.Errorf("after %q it is %q, %v", step.sent, stored.Machines, err)
		}
	}
	form.Set("machines", "relaxed")
	m.post(path, form).want(http.StatusUnprocessableEntity)
	form.Set("machines", "balanced")
	for minutes, want := range map[string]int{"15": http.StatusSeeOther, "1440": http.StatusSeeOther, "0": 422, "1441": 422, "soon": 422, "": 422, "-1": 422} {
		form.Set("quarantine_minutes", minutes)
		p := m.post(path, form).want(want)
		if want == 422 && (p.value("quarantine_minutes") != minutes || !strings.Contains(p.text("form.form"), "from 1 to 1,440")) {
			t.Errorf("%q comes back as %q", minutes, p.value("quarantine_minutes"))
		}
	}
	form.Set("quarantine_minutes", "45")
	m.post(path, form).want(http.StatusSeeOther)
	if text := m.get(path + "/held").text("main"); !strings.Contains(text, "counts after 45 minutes") {
		t.Errorf("the list says %q", text)
	}
}

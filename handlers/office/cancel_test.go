package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// newFlow makes a cancellation flow by the office's form as it comes, but for what is
// changed.
func (m *member) newFlow(change func(form url.Values)) surveys.CancelFlow {
	m.t.Helper()
	form := m.get("/cancellations/new").want(http.StatusOK).form(`form[action="/cancellations"]`)
	if change != nil {
		change(form)
	}
	m.post("/cancellations", form).want(http.StatusSeeOther)
	list, err := m.store.CancelFlows(context.Background(), m.w.ID)
	if err != nil || len(list) == 0 {
		m.t.Fatalf("there is %+v, %v", list, err)
	}
	return list[len(list)-1]
}

// TestCancelFlowForm: the usual reasons at once, own ones, an offer, and nothing of other
// languages lost; what is wrong is said beside its field.
func TestCancelFlowForm(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	if text := m.get("/cancellations").want(http.StatusOK).text("main"); !strings.Contains(text, "Ask people why they leave") {
		t.Errorf("without a flow: %s", text)
	}
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	f := m.newFlow(func(form url.Values) {
		form.Set("reasons.8.label", "Moving abroad")
		form.Set("reasons.8.on", "on")
		form.Set("reasons.8.more", "on")
		form.Set("offers.0.name", "Half")
		form.Set("offers.0.title", "Half the price")
		form["offers.0.reasons"] = []string{"too_expensive", "unused"}
		form.Set("offers.0.trait", "plan")
		form.Set("offers.0.values", "team, pro")
		form.Set("offers.0.share", "50")
		form.Set("hold_out", "15")
		form.Set("score", survey.ID)
		form.Set("fields", "plan, subscription")
	})
	if len(f.Reasons) != 9 || f.Reasons[8].Texts["en"].Label != "Moving abroad" || f.Reasons[8].Gone || f.Reasons[0].Quiet || len(f.Offers) != 1 || f.HoldOut != 15 || f.ScoreSurveyID != survey.ID || strings.Join(f.Fields, " ") != "plan subscription" {
		t.Fatalf("made %+v", f)
	}
	if o := f.Offers[0]; o.Share != 50 || strings.Join(o.Values, " ") != "team pro" || len(o.Reasons) != 2 || o.Texts["en"].Title != "Half the price" {
		t.Errorf("the offer %+v", o)
	}
	path := "/cancellations/" + f.ID
	form := m.get(path + "/edit?texts=de").want(http.StatusOK).form(`form[method="post"]`)
	if got := form.Get("reasons.8.label"); got != "" {
		t.Errorf("in German the reason is %q", got)
	}
	form.Set("reasons.8.label", "Umzug ins Ausland")
	form.Set("offers.0.title", "Halber Preis")
	form.Del("reasons.0.on")
	m.post(path, form).want(http.StatusSeeOther)
	f, err := x.store.CancelFlow(t.Context(), x.w.ID, f.ID)
	if err != nil || f.Reasons[8].Texts["en"].Label != "Moving abroad" || f.Reasons[8].Texts["de"].Label != "Umzug ins Ausland" || f.Offers[0].Texts["en"].Title != "Half the price" || f.Offers[0].Texts["de"].Title != "Halber Preis" || !f.Reasons[0].Gone {
		t.Errorf("after German: %+v, %v", f, err)
	}
	form = m.get(path + "/edit").want(http.StatusOK).form(`form[method="post"]`)
	form.Set("name", "")
	form.Set("hold_out", "100")
	form.Set("offers.0.title", "")
	form.Set("offers.0.values", "")
	form.Set("offers.0.link", "javascript:alert(1)")
	form.Set("reasons.9.ask", "Where to?")
	p := m.post(path, form).want(http.StatusUnprocessableEntity)
	for _, want := range []string{"Hold back between 0 and 90 percent", "Name a trait and at least one of its values", "Write a whole address that begins with https://"} {
		if !strings.Contains(p.text("main"), want) {
			t.Errorf("not said: %s", want)
		}
	}
	if p.value("reasons.9.ask") != "Where to?" || p.value("hold_out") != "100" {
		t.Errorf("lost: %s, %s", p.value("reasons.9.ask"), p.value("hold_out"))
	}
	form = m.get(path + "/edit").want(http.StatusOK).form(`form[method="post"]`)
	form.Set("offers.0.drop", "on")
	m.post(path, form).want(http.StatusSeeOther)
	if f, err = x.store.CancelFlow(t.Context(), x.w.ID, f.ID); err != nil || len(f.Offers) != 0 {
		t.Errorf("after dropping: %+v, %v", f.Offers, err)
	}
	m.post(path+"/status", url.Values{"status": {"paused"}}).want(http.StatusSeeOther)
	if text := m.get(path).want(http.StatusOK).text("main"); !strings.Contains(text, "Paused") || !strings.Contains(text, "Nobody has cancelled in this time") {
		t.Errorf("paused: %s", text)
	}
	m.post(path+"/site", url.Values{"origins": {"https://shop.example"}}).want(http.StatusSeeOther)
	if lines := m.get(path + "/site").want(http.StatusOK).Find("#element").Text(); !strings.Contains(lines, `<hark-cancel flow="`+f.PublicID(x.w.Key)+`" selector="#cancel"></hark-cancel>`) {
		t.Errorf("the lines %s", lines)
	}
	m.post(path+"/site", url.Values{"origins": {"https://*.example"}}).want(http.StatusUnprocessableEntity)
	m.post(path+"/mail", nil).want(http.StatusSeeOther)
	rules, err := x.store.Rules(t.Context(), x.w.ID)
	if err != nil || len(rules) != 1 || rules[0].Status != surveys.RulePaused || rules[0].Condition != `cancellation.reason == "" and cancellation.lost == "wish"` || rules[0].Delay != time.Hour {
		t.Errorf("the rule is %+v, %v", rules, err)
	}
	asks, err := x.store.Survey(t.Context(), x.w.ID, rules[0].SurveyID)
	if why, known := asks.Question.FollowUp("reason"); err != nil || !known || len(why.Choices) != 8 || why.Choices[7].Texts["de"] != "Umzug ins Ausland" && why.Choices[7].ID != "other" || why.Choices[0].Texts["zh-Hans"] == "" {
		t.Errorf("its survey asks %+v, %v", asks.Question, err)
	}
	agent := x.as(surveys.Agent)
	agent.get(path).want(http.StatusOK)
	agent.get(path + "/edit").want(http.StatusForbidden)
}

// TestCancelReport: shares with their intervals, few people hidden with what they wrote,
// offers judged by those who got none, and comments behind each reason.
func TestCancelReport(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	f := x.as(surveys.Manager).newFlow(func(form url.Values) {
		form.Set("offers.0.name", "Half")
		form.Set("offers.0.title", "Half the price")
	})
	amount, person := 10.0, storetest.Person(t, x.store, x.w.ID)
	n := 0
	put := func(count int, c surveys.Cancellation) {
		storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
			for range count {
				n++
				c.WorkspaceID, c.ID, c.FlowID, c.StartedAt = x.w.ID, storetest.ID(t, x.store), f.ID, x.store.Now().AddDate(0, 0, -40).Add(time.Duration(n)*time.Minute)
				if _, err := tx.BeginCancellation(ctx, c, "visit-"+c.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	offer := f.Offers[0].ID
	put(60, surveys.Cancellation{Reason: "too_expensive", Comment: "Six pounds less", OfferID: offer, Offer: surveys.OfferAccepted, Choice: surveys.CancelKept, Segments: map[string]string{"plan": "pro"}})
	const unheard = "No event has said that a subscription ended"
	if text := x.as(surveys.Manager).get("/cancellations/" + f.ID).text("main"); !strings.Contains(text, unheard) || strings.Contains(text, "100%") && strings.Contains(text, "still there after 30") {
		t.Errorf("without any event: %s", text)
	}
	put(10, surveys.Cancellation{Reason: "unused", OfferID: offer, Offer: surveys.OfferDeclined, Choice: surveys.CancelLeft, Lost: surveys.LostByWish, Amount: &amount, Currency: "GBP"})
	unmade := surveys.Cancellation{Reason: "unused", OfferID: offer, Offer: surveys.OfferHeld, Choice: surveys.CancelLeft}
	put(29, unmade)
	unmade.PersonID = person.ID
	put(5, unmade) // who counts once
	put(2, surveys.Cancellation{Reason: "low_quality", Comment: "Only I know this"})
	m := x.as(surveys.Manager)
	p := m.get("/cancellations/" + f.ID).want(http.StatusOK)
	text := p.text("main")
	for _, want := range []string{"102 people went through the flow", "It is too expensive", "59% 49% to 68%", "GBP 100", "Too few to show", "Keeps people: the difference after 30 days is more than chance", "Six pounds less"} {
		if !strings.Contains(text, want) {
			t.Errorf("not said: %q in %s", want, text)
		}
	}
	if strings.Contains(text, unheard) {
		t.Error("an event is said to be missing")
	}
	if strings.Contains(text, "Only I know this") {
		t.Error("the words of one of two are shown")
	}
	if p := m.get("/cancellations/" + f.ID + "?reason=unused"); strings.Contains(p.text("main"), "Six pounds less") {
		t.Error("another reason's comments are shown")
	}
	came := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		return tx.AskOnPage(ctx, x.w.ID, came.ID, person.ID)
	})
	if text := m.get("/people/" + person.ID).want(http.StatusOK).text("main"); !strings.Contains(text, "Went through Cancellation") || !strings.Contains(text, "I do not use it enough") || !strings.Contains(text, "came up on a page") {
		t.Errorf("the person's history: %s", text)
	}
	if text := x.as(surveys.Viewer).get("/cancellations").want(http.StatusOK).text("main"); !strings.Contains(text, "102 people in the last 90 days") {
		t.Errorf("the list: %s", text)
	}
}

// leavers makes a flow that some went through, with an offer that some did not get, and
// returns its path.
func (x *team) leavers(person surveys.Person) string {
	x.t.Helper()
	m := x.as(surveys.Manager)
	f := m.newFlow(func(form url.Values) {
		form.Set("offers.0.name", "Half the price for three months, and a bag of coffee")
		form.Set("offers.0.title", "Half the price")
	})
	amount := 1234567.0
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		for n := range 60 {
			c := surveys.Cancellation{
				WorkspaceID: x.w.ID, ID: storetest.ID(x.t, x.store), FlowID: f.ID, Reason: surveys.DefaultReasons()[n%4], Comment: "The parcel came nine days late, and nobody could tell me where it was.",
				OfferID: f.Offers[0].ID, Offer: []surveys.OfferState{surveys.OfferAccepted, surveys.OfferDeclined, surveys.OfferHeld}[n%3], Choice: []surveys.CancelChoice{surveys.CancelKept, surveys.CancelLeft}[n%2],
				Segments: map[string]string{"plan": "pro"}, StartedAt: x.store.Now().AddDate(0, 0, -100-n), Lost: surveys.LostByWish, Amount: &amount, Currency: "IDR",
			}
			if n == 0 {
				c.PersonID = person.ID
			}
			if _, err := tx.BeginCancellation(ctx, c, "visit-"+c.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return "/cancellations/" + f.ID
}

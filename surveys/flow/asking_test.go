package flow_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestCreateSurvey(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		in   surveys.Survey
		want map[string]string // path → code; nil when it is stored
	}{
		{"all of it", surveys.Survey{Name: " After the order ", Metric: surveys.CSAT, Subject: "the delivery", Status: surveys.SurveyPaused,
			Question: surveys.Question{Version: 7, Texts: map[string]surveys.Text{"en": {Ask: " How was it? "}, "zh-Hans": {}}}}, nil},
		{"the least", surveys.Survey{Name: "NPS", Metric: surveys.NPS}, nil},
		{"nothing", surveys.Survey{}, map[string]string{"name": "required", "metric": "metric"}},
		{"a metric nobody knows", surveys.Survey{Name: "x", Metric: "stars"}, map[string]string{"metric": "metric"}},
		{"a language nobody speaks", surveys.Survey{Name: "x", Metric: surveys.NPS, Question: surveys.Question{Texts: map[string]surveys.Text{"tlh": {Ask: "nuq"}}}}, map[string]string{"texts.tlh": "locale"}},
		{"texts too long", surveys.Survey{Name: strings.Repeat("x", 81), Metric: surveys.NPS, Question: surveys.Question{Texts: map[string]surveys.Text{"en": {Ask: strings.Repeat("x", 301)}}}},
			map[string]string{"name": "too_long", "texts.en.ask": "too_long"}},
		{"a status nobody knows", surveys.Survey{Name: "x", Metric: surveys.NPS, Status: "asleep"}, map[string]string{"status": "status"}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w, asking := storetest.Workspace(t, s), flow.NewAsking(s)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				created, err := asking.CreateSurvey(context.Background(), w.ID, c.in)
				if c.want != nil {
					wantFields(t, err, c.want)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				stored, err := s.Survey(context.Background(), w.ID, created.ID)
				if err != nil || !reflect.DeepEqual(stored, created) {
					t.Errorf("stored %+v, %v, returned %+v", stored, err, created)
				}
				if stored.Question.Version != 1 || len(stored.Key) != surveys.KeyLength || stored.Name != strings.TrimSpace(c.in.Name) || !stored.CreatedAt.Equal(s.Now()) {
					t.Errorf("stored %+v, want version 1, a key and a trimmed name", stored)
				}
				if c.in.Status == "" && stored.Status != surveys.SurveyActive {
					t.Errorf("status = %s, want active where none is told", stored.Status)
				}
			})
		}
		if list, err := s.Surveys(context.Background(), w.ID); err != nil || len(list) != 2 {
			t.Errorf("%d surveys are stored, %v, want the 2 good ones", len(list), err)
		}
	})
}

func TestUpdateSurveyMakesAVersionOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	text := func(s *surveys.Survey, edit func(*surveys.Text)) {
		en := s.Question.Texts["en"]
		edit(&en)
		s.Question.Texts = map[string]surveys.Text{"en": en, "zh-Hans": s.Question.Texts["zh-Hans"]}
	}
	cases := []struct {
		name    string
		edit    func(*surveys.Survey)
		version int
	}{
		{"nothing", func(*surveys.Survey) {}, 1},
		{"the name", func(s *surveys.Survey) { s.Name = "Another name" }, 1},
		{"the end", func(s *surveys.Survey) { end := storetest.Start().AddDate(1, 0, 0); s.ClosesAt = &end }, 1},
		{"the question of the comment", func(s *surveys.Survey) { text(s, func(x *surveys.Text) { x.FollowUp = "Why?" }) }, 2},
		{"the thanks", func(s *surveys.Survey) { text(s, func(x *surveys.Text) { x.ThankYou = "Thanks!" }) }, 1},
		{"space around the question", func(s *surveys.Survey) { text(s, func(x *surveys.Text) { x.Ask = "  How was it?\n" }) }, 1},
		{"a language without words", func(s *surveys.Survey) { text(s, func(*surveys.Text) {}); delete(s.Question.Texts, "zh-Hans") }, 2},
		{"the question", func(s *surveys.Survey) { text(s, func(x *surveys.Text) { x.Ask = "How was it today?" }) }, 2},
		{"the question in the other language", func(s *surveys.Survey) {
			s.Question.Texts = map[string]surveys.Text{"en": s.Question.Texts["en"], "zh-Hans": {Ask: "今天怎么样？"}}
		}, 2},
		{"the low end", func(s *surveys.Survey) { text(s, func(x *surveys.Text) { x.Low = "Bad" }) }, 2},
		{"the high end", func(s *surveys.Survey) { text(s, func(x *surveys.Text) { x.High = "Good" }) }, 2},
		{"the subject", func(s *surveys.Survey) { s.Subject = "the delivery" }, 2},
		{"a version of the caller's own", func(s *surveys.Survey) { s.Question.Version = 9 }, 1},
		{"metric, key and status, which stay", func(s *surveys.Survey) {
			s.Metric, s.Key, s.Status = surveys.CSAT, "AAAAAAAA", surveys.SurveyArchived
		}, 1},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				ctx, k, asking := context.Background(), newTill(t, s), flow.NewAsking(s)
				before, err := asking.CreateSurvey(ctx, k.w.ID, surveys.Survey{Name: "NPS", Metric: surveys.NPS, Question: surveys.Question{
					Texts: map[string]surveys.Text{"en": {Ask: "How was it?"}, "zh-Hans": {Ask: "怎么样？"}},
				}})
				if err != nil {
					t.Fatal(err)
				}
				k.survey = before
				k.record(t, flow.Recorded{Given: flow.Given{Score: 9}})

				edited := before
				c.edit(&edited)
				after, err := asking.UpdateSurvey(ctx, edited)
				if err != nil {
					t.Fatal(err)
				}
				stored, err := s.Survey(ctx, k.w.ID, before.ID)
				if err != nil || !reflect.DeepEqual(stored, after) {
					t.Errorf("stored %+v, %v, returned %+v", stored, err, after)
				}
				if after.Question.Version != c.version || after.Metric != before.Metric || after.Key != before.Key || after.Status != before.Status {
					t.Errorf("after = %+v, want version %d and the same metric, key and status", after, c.version)
				}
				if r := k.stored(t)[0]; r.Version != 1 || r.Segments["version"] != "1" {
					t.Errorf("the answer of before = %+v, want it of version 1", r)
				}
				first, err := s.Question(ctx, k.w.ID, before.ID, 1)
				if err != nil || c.version > 1 && !reflect.DeepEqual(first, before.Question) {
					t.Errorf("version 1 = %+v, %v, want it as it was asked", first, err)
				}
			})
		}
	})
}

func TestUpdateSurveyRefuses(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k, asking := newCounter(t, s), flow.NewAsking(s)
		foreign := k.survey
		foreign.WorkspaceID = newCounter(t, s).w.ID
		_, err := asking.UpdateSurvey(context.Background(), foreign)
		wantKind(t, err, surveys.NotFound, "not_found")
		empty := k.survey
		empty.Name = " "
		_, err = asking.UpdateSurvey(context.Background(), empty)
		wantFields(t, err, map[string]string{"name": "required"})
		if stored, err := s.Survey(context.Background(), k.w.ID, k.survey.ID); err != nil || !reflect.DeepEqual(stored, k.survey) {
			t.Errorf("stored %+v, %v, want it as it was", stored, err)
		}
	})
}

// TestUpdateSurveyConcurrently holds that no question is ever overwritten by
// another one under the same version, and that no pause is lost.
func TestUpdateSurveyConcurrently(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			ctx, processes := context.Background(), servers(t, dialect, 2)
			k := newCounter(t, processes[0])
			atOnce(12, func(i int) {
				asking := flow.NewAsking(processes[i%len(processes)])
				if i == 5 {
					if err := asking.SetSurveyStatus(ctx, k.w.ID, k.survey.ID, surveys.SurveyPaused); err != nil {
						t.Error(err)
					}
					return
				}
				edited := k.survey
				edited.Question.Texts = map[string]surveys.Text{"en": {Ask: fmt.Sprint("Question ", i)}}
				if _, err := asking.UpdateSurvey(ctx, edited); err != nil {
					t.Error(err)
				}
			})
			after, err := k.s.Survey(ctx, k.w.ID, k.survey.ID)
			if err != nil || after.Question.Version != 12 || after.Status != surveys.SurveyPaused {
				t.Errorf("after = %+v, %v, want version 12, paused", after, err)
			}
			asked := map[string]bool{}
			for version := 2; version <= 12; version++ {
				q, err := k.s.Question(ctx, k.w.ID, k.survey.ID, version)
				if err != nil {
					t.Fatalf("version %d: %v", version, err)
				}
				asked[q.Texts["en"].Ask] = true
			}
			if len(asked) != 11 {
				t.Errorf("%d questions are kept, want 11", len(asked))
			}
		})
	}
}

func TestSetSurveyStatus(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, asking := context.Background(), newCounter(t, s), flow.NewAsking(s)
		for _, status := range []surveys.SurveyStatus{surveys.SurveyPaused, surveys.SurveyArchived, surveys.SurveyActive, surveys.SurveyActive} {
			if err := asking.SetSurveyStatus(ctx, k.w.ID, k.survey.ID, status); err != nil {
				t.Fatal(err)
			}
			if stored, err := s.Survey(ctx, k.w.ID, k.survey.ID); err != nil || stored.Status != status || stored.Question.Version != 1 {
				t.Errorf("stored %+v, %v, want %s and the same version", stored, err, status)
			}
		}
		wantFields(t, asking.SetSurveyStatus(ctx, k.w.ID, k.survey.ID, "asleep"), map[string]string{"status": "status"})
		wantKind(t, asking.SetSurveyStatus(ctx, newCounter(t, s).w.ID, k.survey.ID, surveys.SurveyPaused), surveys.NotFound, "not_found")
		wantKind(t, asking.SetSurveyStatus(ctx, k.w.ID, "x", surveys.SurveyPaused), surveys.NotFound, "not_found")
	})
}

func TestSaveRule(t *testing.T) {
	t.Parallel()
	good := surveys.Rule{Name: " After each order ", EventType: "order_completed", Delay: 24 * time.Hour, CapDays: 90, Condition: "person.traits.plan == 'pro'"}
	with := func(edit func(*surveys.Rule)) surveys.Rule {
		r := good
		edit(&r)
		return r
	}
	cases := []struct {
		name string
		in   surveys.Rule
		want map[string]string // path → code; nil when it is stored
	}{
		{"a good one", good, nil},
		{"for everybody, at once, without a cap", surveys.Rule{Name: "x", EventType: "ticket_solved", Status: surveys.RulePaused}, nil},
		{"nothing", surveys.Rule{}, map[string]string{"name": "required", "event_type": "event_type"}},
		{"a delay into the past", with(func(r *surveys.Rule) { r.Delay = -time.Second }), map[string]string{"delay": "delay"}},
		{"a delay too long", with(func(r *surveys.Rule) { r.Delay = surveys.MaxDelay + time.Second }), map[string]string{"delay": "delay"}},
		{"a cap below nothing", with(func(r *surveys.Rule) { r.CapDays = -1 }), map[string]string{"cap_days": "cap"}},
		{"a cap of more than a year", with(func(r *surveys.Rule) { r.CapDays = 366 }), map[string]string{"cap_days": "cap"}},
		{"a condition that names nothing", with(func(r *surveys.Rule) { r.Condition = "order.total > 1" }), map[string]string{"condition": "condition_name"}},
		{"an event type with space", with(func(r *surveys.Rule) { r.EventType = "order completed" }), map[string]string{"event_type": "event_type"}},
		{"a survey of another workspace", with(func(r *surveys.Rule) { r.SurveyID = "foreign" }), map[string]string{"survey_id": "survey_unknown"}},
		{"a survey that is none", with(func(r *surveys.Rule) { r.SurveyID = "none" }), map[string]string{"survey_id": "survey_unknown"}},
		{"no survey", with(func(r *surveys.Rule) { r.SurveyID = "" }), nil}, // the test puts its own in
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, asking := context.Background(), newCounter(t, s), flow.NewAsking(s)
		foreign := newCounter(t, s)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				switch c.in.SurveyID {
				case "":
					c.in.SurveyID = k.survey.ID
				case "foreign":
					c.in.SurveyID = foreign.survey.ID
				}
				saved, err := asking.SaveRule(ctx, k.w.ID, c.in)
				if c.want != nil {
					wantFields(t, err, c.want)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				stored, err := s.Rule(ctx, k.w.ID, saved.ID)
				if err != nil || !reflect.DeepEqual(stored, saved) || stored.Name != strings.TrimSpace(c.in.Name) {
					t.Errorf("stored %+v, %v, returned %+v", stored, err, saved)
				}
			})
		}
		t.Run("without a survey", func(t *testing.T) {
			_, err := asking.SaveRule(ctx, k.w.ID, good)
			wantFields(t, err, map[string]string{"survey_id": "required"})
		})
		t.Run("again, with another delay", func(t *testing.T) {
			edited := k.rule
			edited.Delay = 5 * time.Minute
			saved, err := asking.SaveRule(ctx, k.w.ID, edited)
			stored, readErr := s.Rule(ctx, k.w.ID, k.rule.ID)
			if err != nil || readErr != nil || saved.ID != k.rule.ID || stored.Delay != 5*time.Minute || !stored.CreatedAt.Equal(k.rule.CreatedAt) {
				t.Errorf("stored %+v, %v, %v, want the same rule with the new delay", stored, err, readErr)
			}
		})
		t.Run("another workspace's rule", func(t *testing.T) {
			stolen := foreign.rule
			stolen.SurveyID = k.survey.ID
			_, err := asking.SaveRule(ctx, k.w.ID, stolen)
			wantKind(t, err, surveys.NotFound, "not_found")
		})
	})
}

func TestSetRuleStatus(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, asking := context.Background(), newCounter(t, s), flow.NewAsking(s)
		id := k.receive(t, k.order(), k.caller()).Decisions[0].InvitationID
		for _, status := range []surveys.RuleStatus{surveys.RulePaused, surveys.RuleActive} {
			if err := asking.SetRuleStatus(ctx, k.w.ID, k.rule.ID, status); err != nil {
				t.Fatal(err)
			}
			if stored, err := s.Rule(ctx, k.w.ID, k.rule.ID); err != nil || stored.Status != status {
				t.Errorf("stored %+v, %v, want %s", stored, err, status)
			}
			if i, err := s.Invitation(ctx, k.w.ID, id); err != nil || i.State != surveys.InvitationScheduled {
				t.Errorf("the invitation = %s, %v: what is scheduled stays", i.State, err)
			}
		}
		wantFields(t, asking.SetRuleStatus(ctx, k.w.ID, k.rule.ID, "asleep"), map[string]string{"status": "status"})
		wantKind(t, asking.SetRuleStatus(ctx, newCounter(t, s).w.ID, k.rule.ID, surveys.RulePaused), surveys.NotFound, "not_found")
	})
}

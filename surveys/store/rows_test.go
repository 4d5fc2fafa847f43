package store_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// same checks what a read returns: same(t, "the rule", want)(s.Rule(…)).
func same[T any](t *testing.T, what string, want T) func(got T, err error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v\nwant %+v", what, got, err, want)
		}
	}
}

// TestTimesComeBackAsTheyWere stores a time of another zone with nanoseconds:
// it comes back as the same microsecond in UTC, from a clock that did so too.
func TestTimesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Nepal", 5*3600+45*60)
	now := time.Date(2026, 3, 2, 14, 45, 0, 123456789, zone)
	want := time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC)
	storetest.BothAt(t, func() time.Time { return now }, func(t *testing.T, s *store.Store) {
		if got := s.Now(); got != want {
			t.Errorf("the store's clock says %s, want %s", got, want)
		}
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		survey.ClosesAt, survey.UpdatedAt = &now, now.Add(time.Hour)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		got, err := s.Survey(context.Background(), w.ID, survey.ID)
		if err != nil || *got.ClosesAt != want || got.UpdatedAt != want.Add(time.Hour) || got.CreatedAt != want {
			t.Errorf("closes %v, updated %v, created %v, %v; want %s", got.ClosesAt, got.UpdatedAt, got.CreatedAt, err, want)
		}
		r := storetest.Response(t, s, survey, 3)
		r.AnsweredAt = now
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		for name, f := range map[string]store.ResponseFilter{
			"from then": {From: now}, "to just after": {To: now.Add(time.Microsecond)}, "after the next": {After: store.Cursor{AnsweredAt: now.Add(time.Microsecond)}},
		} {
			list, err := s.Responses(context.Background(), w.ID, f)
			if err != nil || len(list) != 1 || list[0].AnsweredAt != want {
				t.Errorf("%s: %v, %v", name, list, err)
			}
		}
	})
}

func TestWorkspacesAndUsers(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		first := storetest.Workspace(t, s)
		clock.Advance(time.Second)
		w := storetest.Workspace(t, s)
		w.Name, w.Color, w.Logo, w.LogoType, w.TimeZone, w.Locale = "北风咖啡", "#112233", []byte{1, 2}, "image/png", "Asia/Shanghai", "zh-Hans"
		w.Address, w.ReplyTo, w.Segments = "上海", "", []string{}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, w) })
		same(t, "by id", w)(s.Workspace(ctx, w.ID))
		same(t, "by key", w)(s.WorkspaceByKey(ctx, w.Key))
		same(t, "all", []surveys.Workspace{first, w})(s.Workspaces(ctx))
		if err := second(s.WorkspaceByKey(ctx, "unknown!")); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("an unknown key: %v", err)
		}
		u := storetest.User(t, s, w.ID, surveys.Viewer)
		u.Name, u.Role, u.Locale, u.PasswordHash = "Ada", surveys.Owner, "zh-Hans", "$argon2id$"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateUser(ctx, u) })
		same(t, "user", u)(s.User(ctx, w.ID, u.ID))
		same(t, "user of an address", u)(s.UserByEmail(ctx, w.ID, u.Email))
		again := u
		again.ID = storetest.ID(t, s)
		if err := s.InTx(ctx, func(tx *store.Tx) error { return tx.CreateUser(ctx, again) }); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("an address twice: %v, want Conflict", err)
		}
		again.WorkspaceID = first.ID
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateUser(ctx, again) })
	})
}

// TestSurveyKeepsItsQuestions edits a survey in place and as a new version.
func TestSurveyKeepsItsQuestions(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		first := storetest.Survey(t, s, w.ID, surveys.CSAT)
		clock.Advance(time.Second)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		update := func(version int, texts map[string]surveys.Text) {
			survey.Name, survey.Question, survey.UpdatedAt = survey.Name+"!", surveys.Question{Version: version, Texts: texts}, s.Now()
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		}
		update(1, map[string]surveys.Text{"en": {Ask: "How was it?"}})
		same(t, "in place", survey)(s.Survey(ctx, w.ID, survey.ID))
		update(2, map[string]surveys.Text{"en": {Ask: "Was it good?"}, "zh-Hans": {Ask: "好吗？"}})
		same(t, "a new version", survey)(s.SurveyByKey(ctx, w.ID, survey.Key))
		same(t, "version 2", survey.Question)(s.Question(ctx, w.ID, survey.ID, 2))
		same(t, "version 1", surveys.Question{Version: 1, Texts: map[string]surveys.Text{"en": {Ask: "How was it?"}}})(s.Question(ctx, w.ID, survey.ID, 1))
		first.Status = surveys.SurveyArchived
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, first) })
		same(t, "archived last", []surveys.Survey{survey, first})(s.Surveys(ctx, w.ID))
	})
}

func TestRulesEventsAndDecisions(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		rule := storetest.Rule(t, s, survey)
		clock.Advance(time.Second)
		other := storetest.Rule(t, s, survey)
		other.Name, other.EventType, other.Condition, other.Delay, other.CapDays, other.Status = "Tickets", "ticket_solved", "event.open < 3", 36*time.Hour, 0, surveys.RulePaused
		other.DelayFrom, other.Window, other.Sample, other.HoldOut, other.WhenCapped, other.ExpiryDays = "person.traits.renewal_date", surveys.WorkingHours(), 40, 5, surveys.CapDefer, 14
		other.Reminders, other.Thanks = []surveys.Reminder{{After: 72 * time.Hour, Key: 2}, {After: 120 * time.Hour, Key: 1}}, surveys.Thanks{On: true, Links: map[surveys.Band]string{surveys.Promoter: "https://reviews.example"}}
		other.Withdraw = surveys.Withdrawal{Events: []string{"ticket_reopened"}, Same: "ticket_id"}
		other.UpdatedAt = s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, other) })
		same(t, "a rule", other)(s.Rule(ctx, w.ID, other.ID))
		same(t, "all rules", []surveys.Rule{rule, other})(s.Rules(ctx, w.ID))

		old := storetest.Event(t, s, person)
		clock.Advance(time.Second)
		event := storetest.Event(t, s, person)
		same(t, "an event", event)(s.Event(ctx, w.ID, event.ID))
		same(t, "a person's events", []surveys.Event{event, old})(s.PersonEvents(ctx, w.ID, person.ID, 9))
		same(t, "the latest event", []surveys.Event{event})(s.PersonEvents(ctx, w.ID, person.ID, 1))
		sendAt, until := s.Now().Add(time.Hour), s.Now().Add(time.Minute)
		decisions := []surveys.Decision{
			{RuleID: rule.ID, RuleName: rule.Name, SurveyID: survey.ID, Outcome: surveys.Scheduled, SendAt: &sendAt, InvitationID: storetest.ID(t, s)},
			{RuleID: other.ID, RuleName: other.Name, SurveyID: survey.ID, Outcome: surveys.Capped, Until: &until, Detail: "…"},
		}
		slices.SortFunc(decisions, func(a, b surveys.Decision) int {
			if a.RuleID < b.RuleID {
				return -1
			}
			return 1
		})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.CreateDecisions(ctx, old, nil); err != nil {
				return err
			}
			return tx.CreateDecisions(ctx, event, decisions)
		})
		same(t, "decisions", map[string][]surveys.Decision{event.ID: decisions})(s.Decisions(ctx, w.ID, []string{event.ID, old.ID}))
		same(t, "no decisions", map[string][]surveys.Decision(nil))(s.Decisions(ctx, w.ID, nil))
	})
}

func TestSuppressions(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		email := "Ada@Example.com"
		step := func(move func(tx *store.Tx) error) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return move(tx) })
		}
		same(t, "at first", surveys.Suppression(""))(s.Suppression(ctx, w, email))
		step(func(tx *store.Tx) error { return tx.Suppress(ctx, w, email, surveys.SuppressedUnsubscribed) })
		step(func(tx *store.Tx) error { return tx.Suppress(ctx, w, email, surveys.SuppressedBounced) })
		same(t, "the first reason stays", surveys.SuppressedUnsubscribed)(s.Suppression(ctx, w, " ada@example.COM"))
		step(func(tx *store.Tx) error { return tx.Unsuppress(ctx, w, email, surveys.SuppressedBounced) })
		same(t, "another reason lifts nothing", surveys.SuppressedUnsubscribed)(s.Suppression(ctx, w, email))
		step(func(tx *store.Tx) error { return tx.Unsuppress(ctx, w, email, surveys.SuppressedUnsubscribed) })
		same(t, "lifted", surveys.Suppression(""))(s.Suppression(ctx, w, email))
		for _, both := range [][]surveys.Suppression{{surveys.SuppressedBounced, surveys.SuppressedUnsubscribed}, {surveys.SuppressedUnsubscribed, surveys.SuppressedBounced}} {
			for _, reason := range both {
				step(func(tx *store.Tx) error { return tx.Suppress(ctx, w, email, reason) })
			}
			same(t, "the wish", surveys.SuppressedUnsubscribed)(s.Suppression(ctx, w, email))
			step(func(tx *store.Tx) error { return tx.Unsuppress(ctx, w, email, surveys.SuppressedUnsubscribed) })
			same(t, "what holds beneath", surveys.SuppressedBounced)(s.Suppression(ctx, w, email))
			step(func(tx *store.Tx) error { return tx.Unsuppress(ctx, w, email, surveys.SuppressedBounced) })
			same(t, "nothing any more", surveys.Suppression(""))(s.Suppression(ctx, w, email))
			for _, reason := range both {
				step(func(tx *store.Tx) error { return tx.Suppress(ctx, w, email, reason) })
			}
			entry, err := s.SuppressedAddress(ctx, w, email)
			if err != nil || entry.Beneath != surveys.SuppressedBounced {
				t.Errorf("beneath holds %q, %v", entry.Beneath, err)
			}
			step(func(tx *store.Tx) error { return tx.ReleaseSuppression(ctx, w.ID, entry.Key) })
			same(t, "what a release leaves", surveys.SuppressedBounced)(s.Suppression(ctx, w, email))
			step(func(tx *store.Tx) error { return tx.ReleaseSuppression(ctx, w.ID, entry.Key) })
			same(t, "released twice", surveys.Suppression(""))(s.Suppression(ctx, w, email))
			step(func(tx *store.Tx) error { return tx.RestoreSuppression(ctx, w.ID, entry.Key) })
			same(t, "restored", surveys.SuppressedBounced)(s.Suppression(ctx, w, email))
			step(func(tx *store.Tx) error { return tx.Unsuppress(ctx, w, email, surveys.SuppressedBounced) })
		}
	})
}

func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		for _, id := range []string{"", "7", "' OR 1=1 --", "\x00", "00000000-0000-0000-0000-000000000000", "01A1FFA3-3270-7D40-B4DC-47BCE640A1BE"} {
			for _, ws := range []surveys.WorkspaceID{w.ID, surveys.WorkspaceID(id)} {
				if err := second(s.Survey(context.Background(), ws, id)); surveys.KindOf(err) != surveys.NotFound {
					t.Errorf("%q in %q: %v, want NotFound", id, ws, err)
				}
			}
		}
	})
}

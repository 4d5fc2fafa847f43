package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Write runs a move in a transaction, or fails the test.
func Write(tb testing.TB, s *store.Store, move func(ctx context.Context, tx *store.Tx) error) {
	tb.Helper()
	ctx := context.Background()
	if err := s.InTx(ctx, func(tx *store.Tx) error { return move(ctx, tx) }); err != nil {
		tb.Fatalf("store a fixture: %v", err)
	}
}

// ID draws a row's id.
func ID(tb testing.TB, s *store.Store) string {
	tb.Helper()
	id, err := s.NewID()
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// key draws n bytes of chance as base64url.
func key(tb testing.TB, s *store.Store, n int) string {
	tb.Helper()
	drawn, err := surveys.NewKey(s.Random(), n)
	if err != nil {
		tb.Fatal(err)
	}
	return drawn
}

// Workspace stores a workspace: a shop in Berlin that counts by plan and
// country.
func Workspace(tb testing.TB, s *store.Store) surveys.Workspace {
	tb.Helper()
	w := surveys.Workspace{
		ID: surveys.WorkspaceID(ID(tb, s)), Key: key(tb, s, 6), Name: "Northwind Coffee", Color: "#0b7a75",
		TimeZone: "Europe/Berlin", Locale: "en", Address: "Kaffeeweg 1, 10115 Berlin", ReplyTo: "help@northwind.example",
		Segments: []string{"country", "plan"}, Secret: []byte(key(tb, s, 24)), CreatedAt: s.Now(),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateWorkspace(ctx, w) })
	return w
}

// Survey stores an active survey on a metric with the default question.
func Survey(tb testing.TB, s *store.Store, ws surveys.WorkspaceID, metric surveys.Metric) surveys.Survey {
	tb.Helper()
	survey := surveys.Survey{
		WorkspaceID: ws, ID: ID(tb, s), Key: key(tb, s, 6), Name: "After the order (" + string(metric) + ")", Metric: metric,
		Status: surveys.SurveyActive, Question: surveys.Question{Version: 1, Texts: map[string]surveys.Text{}}, Quarantine: surveys.UsualQuarantine,
		CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateSurvey(ctx, survey) })
	return survey
}

// Rule stores an active rule that asks a survey after each order_completed,
// one hour later, with a cap of 30 days.
func Rule(tb testing.TB, s *store.Store, survey surveys.Survey) surveys.Rule {
	tb.Helper()
	rule := surveys.Rule{
		WorkspaceID: survey.WorkspaceID, ID: ID(tb, s), Name: "After each order", EventType: "order_completed", Delay: time.Hour,
		SurveyID: survey.ID, CapDays: 30, Status: surveys.RuleActive, CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}.Filled()
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateRule(ctx, rule) })
	return rule
}

// Person stores a person with an address and a company id of their own.
func Person(tb testing.TB, s *store.Store, ws surveys.WorkspaceID) surveys.Person {
	tb.Helper()
	name := ID(tb, s)
	person := surveys.Person{
		WorkspaceID: ws, ExternalID: "customer-" + name, Email: name + "@customers.example", Name: "Ada Lovelace",
		Locale: "en", TimeZone: "Europe/Berlin", Traits: map[string]any{"plan": "pro", "country": "DE"},
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = tx.SavePerson(ctx, person)
		return err
	})
	return person
}

// Event stores an order_completed of a person that happened just now.
func Event(tb testing.TB, s *store.Store, person surveys.Person) surveys.Event {
	tb.Helper()
	event := surveys.Event{
		WorkspaceID: person.WorkspaceID, ID: ID(tb, s), Type: "order_completed", PersonID: person.ID,
		OccurredAt: s.Now(), ReceivedAt: s.Now(), Properties: map[string]any{"total": 12.5},
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateEvent(ctx, event) })
	return event
}

// Invitation stores an invitation of a person to a survey, with the rule and
// the event behind it, scheduled for now: [store.Tx.ClaimDue] finds it.
func Invitation(tb testing.TB, s *store.Store, survey surveys.Survey, person surveys.Person) surveys.Invitation {
	tb.Helper()
	rule, event := Rule(tb, s, survey), Event(tb, s, person)
	invitation := surveys.Invitation{
		WorkspaceID: survey.WorkspaceID, ID: ID(tb, s), Letter: surveys.LetterInvitation, SurveyID: survey.ID, RuleID: rule.ID, EventID: event.ID,
		PersonID: person.ID, Email: person.Email, State: surveys.InvitationScheduled, SendAt: s.Now(),
		ExpiresAt: s.Now().Add(surveys.AnswerWindow), CreatedAt: s.Now(),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateInvitation(ctx, invitation) })
	return invitation
}

// Token stores a token of a purpose that stands for a subject (an invitation,
// user or API key) for a day.
func Token(tb testing.TB, s *store.Store, w surveys.Workspace, purpose surveys.Purpose, subjectID string) surveys.Token {
	tb.Helper()
	token, err := surveys.NewToken(s.Random(), w.Key)
	if err != nil {
		tb.Fatal(err)
	}
	grant := store.NewGrant{Token: token, Purpose: purpose, SubjectID: subjectID, ExpiresAt: s.Now().Add(24 * time.Hour)}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateGrant(ctx, w.ID, grant) })
	return token
}

// User stores a member of the team without a password, in English.
func User(tb testing.TB, s *store.Store, ws surveys.WorkspaceID, role surveys.Role) surveys.User {
	tb.Helper()
	user := surveys.User{
		WorkspaceID: ws, ID: ID(tb, s), Name: "Grace Hopper", Role: role, Locale: "en", CreatedAt: s.Now(),
	}
	user.Email = fmt.Sprintf("%s-%s@team.example", role, user.ID)
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateUser(ctx, user) })
	return user
}

// Response makes an answer to a survey given now through its public link,
// without storing it.
func Response(tb testing.TB, s *store.Store, survey surveys.Survey, score int) surveys.Response {
	tb.Helper()
	r := surveys.Response{
		WorkspaceID: survey.WorkspaceID, ID: ID(tb, s), SurveyID: survey.ID, Version: survey.Question.Version, Score: score,
		Locale: "en", Channel: surveys.ChannelLink, Day: surveys.Day(s.Now(), time.UTC),
		AnsweredAt: s.Now(), CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	r.Segments = surveys.SegmentsOf(r, nil)
	return r
}

// Answer stores an answer to a survey with its rollups, and returns it.
func Answer(tb testing.TB, s *store.Store, survey surveys.Survey, score int) surveys.Response {
	tb.Helper()
	r := Response(tb, s, survey, score)
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
	return r
}

// Benchmark stores a score that others report for a metric, shown on reports.
func Benchmark(tb testing.TB, s *store.Store, ws surveys.WorkspaceID, metric surveys.Metric) surveys.Benchmark {
	tb.Helper()
	b := surveys.Benchmark{
		WorkspaceID: ws, ID: ID(tb, s), Metric: metric, Name: "Coffee shops", Low: 40, High: 50, Year: 2026,
		Source: "https://panel.example/nps", Note: "by mail", Shown: true, CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateBenchmark(ctx, b) })
	return b
}

// Theme stores a theme about parcels as the only one of the workspace.
func Theme(tb testing.TB, s *store.Store, ws surveys.WorkspaceID) themes.Theme {
	tb.Helper()
	theme := themes.Theme{ID: ID(tb, s), Name: "Delivery", Keywords: []string{"parcel", "late", "快递"}}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.SetThemes(ctx, ws, []themes.Theme{theme}) })
	return theme
}

package store_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// world is a workspace with one of everything.
type world struct {
	w          surveys.Workspace
	survey     surveys.Survey
	person     surveys.Person
	invitation surveys.Invitation
	rule       surveys.Rule
	event      surveys.Event
	user       surveys.User
	key        surveys.APIKey
	token      surveys.Token
	answer     surveys.Response
	once       store.Once
	benchmark  surveys.Benchmark
	digest     surveys.Digest
	note       surveys.Note
	share      surveys.Share
	sender     surveys.Sender
	dkim       surveys.DKIMKey
	list       surveys.List
}

func newWorld(t *testing.T, s *store.Store) world {
	t.Helper()
	w := storetest.Workspace(t, s)
	a := world{w: w, survey: storetest.Survey(t, s, w.ID, surveys.NPS), person: storetest.Person(t, s, w.ID), user: storetest.User(t, s, w.ID, surveys.Owner)}
	a.invitation = storetest.Invitation(t, s, a.survey, a.person)
	a.rule = storetest.Rule(t, s, a.survey)
	a.event = storetest.Event(t, s, a.person)
	a.key = surveys.APIKey{WorkspaceID: w.ID, ID: storetest.ID(t, s), Name: "shop", Scopes: []surveys.Scope{surveys.ScopeRead}, CreatedAt: s.Now()}
	a.token = storetest.Token(t, s, w, surveys.PurposeAPIKey, a.key.ID)
	a.answer = storetest.Response(t, s, a.survey, 3)
	a.answer.PersonID, a.answer.Comment = a.person.ID, "too slow"
	a.answer.Ratings = map[string]int{"delivery": 2}
	a.answer.Answers, a.answer.Fields = map[string]surveys.Answer{"why": {Text: "rain"}}, map[string]string{"plan": "pro"}
	a.benchmark = storetest.Benchmark(t, s, w.ID, surveys.NPS)
	a.digest = storetest.Digest(t, s, a.user)
	a.note = storetest.Note(t, s, a.survey)
	a.share, _ = storetest.Share(t, s, w, a.survey)
	a.sender = storetest.Sender(t, s, w.ID)
	a.dkim = storetest.DKIMKeys(t, s, w.ID, "shop.example", surveys.DKIMSigning)[0]
	a.list = surveys.List{WorkspaceID: w.ID, ID: storetest.ID(t, s), RuleID: a.rule.ID, Start: s.Now(), Days: 5}
	a.once = *onceOf("world", 1, store.Replay, s.Now().Add(time.Hour))
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.CreateAPIKey(ctx, a.key) },
			func() error { return tx.AddResponses(ctx, []surveys.Response{a.answer}) },
			func() error { _, _, err := tx.Claim(ctx, w.ID, a.once, a.answer.ID); return err },
			func() error {
				return tx.CreateDecisions(ctx, a.event, []surveys.Decision{{RuleID: a.rule.ID, SurveyID: a.survey.ID, Outcome: surveys.NotMatched}})
			},
			func() error {
				return tx.SaveLetter(ctx, w.ID, a.mail())
			},
			func() error { return tx.CreateGrants(ctx, w.ID, []store.NewGrant{a.wayOut(t, s)}) },
			func() error { return tx.Suppress(ctx, w, a.person.Email, surveys.SuppressedBounced) },
			func() error { _, err := tx.GiveTurns(ctx, []surveys.Turn{a.turn()}); return err },
			func() error { return tx.CreateList(ctx, a.list, a.listed(t)) },
			func() error { return tx.StopSurvey(ctx, w, a.person.Email, a.survey.ID) },
			func() error { _, err := tx.AddBounce(ctx, w, a.person.Email, a.bounce()); return err },
			func() error { _, err := tx.AddBounce(ctx, w, a.person.Email, a.complaint()); return err },
			func() error { return tx.SaveMailHook(ctx, a.hook()) },
			func() error { return a.streams(ctx, tx) },
			func() error { return tx.AddTouches(ctx, []surveys.Touch{a.touch()}) },
			func() error { return tx.RefuseSite(ctx, w.ID, a.survey.ID, "https://shop.example") },
			func() error { return tx.CreateIdentityKey(ctx, a.identity()) },
			func() error { return tx.CreateCancelFlow(ctx, a.exitFlow()) },
			func() error { _, err := tx.BeginCancellation(ctx, a.leaving(), leavingVisit); return err },
			func() error { return tx.UseIdentityKey(ctx, w.ID, a.identity().ID) },
			func() error { return tx.AskOnPage(ctx, w.ID, a.survey.ID, a.person.ID) },
			func() error { return tx.Hold(ctx, a.held()) },
			func() error { return tx.LogMove(ctx, w.ID, a.move()) },
			func() error { return tx.SaveLetterTexts(ctx, w.ID, a.letter(), "en", letterTexts("Hello")) },
			func() error { _, err := tx.AdmitSegmentValue(ctx, w.ID, "plan", "pro"); return err },
			func() error {
				return tx.SaveLoyaltyReport(ctx, w.ID, map[string]int{"customers": 1}, []surveys.Risk{{PersonID: a.person.ID, Chance: 0.5}})
			},
			func() error {
				return tx.SaveLoyaltyPlan(ctx, surveys.LoyaltyPlan{WorkspaceID: w.ID, Basis: surveys.LoyaltyByContract, LapseDays: 30, Currency: "GBP"})
			},
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	storetest.Theme(t, s, w.ID)
	readAs(t, s, a.survey, "r1", lateReading(), a.answer)
	takeIn(t, s, w, "pro", a.invitation.ID)
	storetest.Invitation(t, s, a.survey, a.person) // one that is not counted yet
	return a
}

// attempt is a call of one method by a stranger: with the id of another
// workspace, and everything else right. It returns what the stranger sees.
type attempt func(ctx context.Context, tx *store.Tx, b surveys.Workspace, a world) (seen any, err error)

// nothing is what a stranger sees of a method that only writes.
func nothing(err error) (any, error) { return nil, err }

func readAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"Event":             func(c c, x *tx, b w, a world) (any, error) { return x.Event(c, b.ID, a.event.ID) },
		"PersonEvents":      func(c c, x *tx, b w, a world) (any, error) { return x.PersonEvents(c, b.ID, a.person.ID, 9) },
		"Decisions":         func(c c, x *tx, b w, a world) (any, error) { return x.Decisions(c, b.ID, []string{a.event.ID}) },
		"Invitation":        func(c c, x *tx, b w, a world) (any, error) { return x.Invitation(c, b.ID, a.invitation.ID) },
		"PersonInvitations": func(c c, x *tx, b w, a world) (any, error) { return x.PersonInvitations(c, b.ID, a.person.ID, 9) },
		"LastSent":          func(c c, x *tx, b w, a world) (any, error) { return x.LastSent(c, b.ID, a.invitation.ID) },
		"Asks":              func(c c, x *tx, b w, a world) (any, error) { return x.Asks(c, b.ID, a.person.ID, time.Time{}) },
		"Unsent": func(c c, x *tx, b w, a world) (any, error) {
			return x.Unsent(c, b.ID, a.person.ID, []string{a.invitation.RuleID})
		},
		"EventsSince": func(c c, x *tx, b w, a world) (any, error) {
			return x.EventsSince(c, b.ID, a.person.ID, time.Time{}, []string{a.event.Type})
		},
		"InvitationCounts": func(c c, x *tx, b w, a world) (any, error) { return x.InvitationCounts(c, b.ID, "") },
		"Letter":           func(c c, x *tx, b w, a world) (any, error) { return x.Letter(c, b.ID, a.invitation.ID) },
		"Person":           func(c c, x *tx, b w, a world) (any, error) { return x.Person(c, b.ID, a.person.ID) },
		"PeopleByID":       func(c c, x *tx, b w, a world) (any, error) { return x.PeopleByID(c, b.ID, []string{a.person.ID}) },
		"People":           func(c c, x *tx, b w, a world) (any, error) { return x.People(c, b.ID, "ada", 0, 9) },
	}
}

// answerAttempts are the attempts to read answers and their rollups.
func answerAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"Recount":  func(c c, x *tx, b w, a world) (any, error) { return x.Recount(c, b.ID) },
		"Response": func(c c, x *tx, b w, a world) (any, error) { return x.Response(c, b.ID, a.answer.ID) },
		"Responses": func(c c, x *tx, b w, a world) (any, error) {
			return x.Responses(c, b.ID, store.ResponseFilter{WithComment: true, After: store.Cursor{AnsweredAt: never, ID: a.answer.ID}})
		},
		"CountResponses": func(c c, x *tx, b w, a world) (any, error) {
			return x.CountResponses(c, b.ID, store.ResponseFilter{SurveyID: a.survey.ID})
		},
		"EachResponse": func(c c, x *tx, b w, a world) (any, error) {
			var seen []surveys.Response
			err := x.EachResponse(c, b.ID, store.ResponseFilter{}, func(r surveys.Response) error { seen = append(seen, r); return nil })
			return seen, err
		},
		"ThanksDue": func(c c, x *tx, b w, a world) (any, error) { return x.ThanksDue(c, b.ID, never, 9) },
		"StoppedSurveys": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret // even if the secrets were the same
			return x.StoppedSurveys(c, b, a.person.Email)
		},
		"Rule":  func(c c, x *tx, b w, a world) (any, error) { return x.Rule(c, b.ID, a.rule.ID) },
		"Rules": func(c c, x *tx, b w, a world) (any, error) { return x.Rules(c, b.ID) },
		"Suppression": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret // even if the secrets were the same
			return x.Suppression(c, b, a.person.Email)
		},
		"Survey":      func(c c, x *tx, b w, a world) (any, error) { return x.Survey(c, b.ID, a.survey.ID) },
		"SurveyByKey": func(c c, x *tx, b w, a world) (any, error) { return x.SurveyByKey(c, b.ID, a.survey.Key) },
		"Surveys":     func(c c, x *tx, b w, a world) (any, error) { return x.Surveys(c, b.ID) },
		"Question":    func(c c, x *tx, b w, a world) (any, error) { return x.Question(c, b.ID, a.survey.ID, 1) },
		"Wordings":    func(c c, x *tx, b w, a world) (any, error) { return x.Wordings(c, b.ID, a.survey.ID) },
		"Grant": func(c c, x *tx, b w, a world) (any, error) {
			return x.Grant(c, b.ID, surveys.PurposeAPIKey, a.token, a.w.CreatedAt)
		},
		"Taken": func(c c, x *tx, b w, a world) (any, error) {
			_, taken, err := x.Taken(c, b.ID, a.once, a.w.CreatedAt)
			return taken, err
		},
		"APIKey":      func(c c, x *tx, b w, a world) (any, error) { return x.APIKey(c, b.ID, a.key.ID) },
		"APIKeys":     func(c c, x *tx, b w, a world) (any, error) { return x.APIKeys(c, b.ID) },
		"User":        func(c c, x *tx, b w, a world) (any, error) { return x.User(c, b.ID, a.user.ID) },
		"UserByEmail": func(c c, x *tx, b w, a world) (any, error) { return x.UserByEmail(c, b.ID, a.user.Email) },
	}
}

func writeAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"CreateDecisions": func(c c, x *tx, b w, a world) (any, error) {
			a.event.WorkspaceID = b.ID
			return nothing(x.CreateDecisions(c, a.event, []surveys.Decision{{RuleID: a.rule.ID, SurveyID: a.survey.ID}}))
		},
		"Claim": func(c c, x *tx, b w, a world) (any, error) {
			mine, result, err := x.Claim(c, b.ID, a.once, a.answer.ID)
			return !mine || result != a.answer.ID, err // the key is free here
		},
		"Take": func(c c, x *tx, b w, a world) (any, error) {
			r := a.answer
			r.WorkspaceID, r.InvitationID = b.ID, a.invitation.ID
			return x.Take(c, store.Submission{Response: r})
		},
		"EraseResponses": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.EraseResponses(c, b.ID, []string{a.answer.ID}))
		},
		"AddResponses": func(c c, x *tx, b w, a world) (any, error) {
			a.answer.WorkspaceID = b.ID
			return nothing(x.AddResponses(c, []surveys.Response{a.answer}))
		},
		"ClaimDue":       func(c c, x *tx, b w, a world) (any, error) { return x.ClaimDue(c, b.ID, never, time.Hour, 9) },
		"ClaimAbandoned": func(c c, x *tx, b w, a world) (any, error) { return x.ClaimAbandoned(c, b.ID, never, 9) },
		"ClaimUnknown":   func(c c, x *tx, b w, a world) (any, error) { return x.ClaimUnknown(c, b.ID, never, time.Hour, 0) },
		"MoveInvitation": func(c c, x *tx, b w, a world) (any, error) {
			a.invitation.WorkspaceID, a.invitation.State = b.ID, surveys.InvitationCancelled
			return nothing(x.MoveInvitation(c, a.invitation, surveys.InvitationScheduled))
		},
		"SettleAnswered": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.SettleAnswered(c, b.ID)) },
		"SuppressInvitations": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SuppressInvitations(c, b.ID, a.person.Email))
		},
		"SaveLetter": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveLetter(c, b.ID, store.Letter{InvitationID: a.invitation.ID, Message: []byte("spam")}))
		},
		"DropLetters": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DropLetters(c, b.ID, []string{a.invitation.ID}))
		},
		"FindPerson": func(c c, x *tx, b w, a world) (any, error) {
			a.person.WorkspaceID = b.ID
			return x.FindPerson(c, a.person)
		},
		"Sharing": func(c c, x *tx, b w, a world) (any, error) {
			return x.Sharing(c, b.ID, surveys.Person{Email: a.person.Email}, 9)
		},
		"SavePerson": func(c c, x *tx, b w, a world) (any, error) {
			a.person.WorkspaceID = b.ID
			saved, err := x.SavePerson(c, a.person)
			return saved.ID == a.person.ID, err
		},
		"ErasePerson": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.ErasePerson(c, b.ID, a.person.ID)) },
	}
}

// settingAttempts are the attempts to write what a team sets up.
func settingAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"LockRule":       func(c c, x *tx, b w, a world) (any, error) { return nothing(x.LockRule(c, b.ID, a.rule.ID)) },
		"LockSurvey":     func(c c, x *tx, b w, a world) (any, error) { return nothing(x.LockSurvey(c, b.ID, a.survey.ID)) },
		"RebuildRollups": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RebuildRollups(c, b.ID)) },
		"MoveDays": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.MoveDays(c, b.ID, func(time.Time) int { return 1 }))
		},
		"AdmitSegmentValue": func(c c, x *tx, b w, a world) (any, error) {
			return nothing2(x.AdmitSegmentValue(c, b.ID, "plan", "pro"))
		},
		"CreateRule": func(c c, x *tx, b w, a world) (any, error) {
			a.rule.WorkspaceID = b.ID
			return nothing(x.CreateRule(c, a.rule))
		},
		"UpdateRule": func(c c, x *tx, b w, a world) (any, error) {
			a.rule.WorkspaceID, a.rule.Name = b.ID, "stolen"
			return nothing(x.UpdateRule(c, a.rule))
		},
		"Suppress": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.Suppress(c, b, a.person.Email, surveys.SuppressedUnsubscribed))
		},
		"Unsuppress": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			return nothing(x.Unsuppress(c, b, a.person.Email, surveys.SuppressedBounced))
		},
		"Thanked": func(c c, x *tx, b w, a world) (any, error) {
			first, err := x.Thanked(c, b.ID, a.invitation.ID)
			return first, err
		},
		"SuppressSurvey": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SuppressSurvey(c, b.ID, a.person.Email, a.survey.ID))
		},
		"StopSurvey": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.StopSurvey(c, b, a.person.Email, a.survey.ID))
		},
		"ResumeSurvey": func(c c, x *tx, b w, a world) (any, error) {
			b.Secret = a.w.Secret
			return nothing(x.ResumeSurvey(c, b, a.person.Email, a.survey.ID))
		},
		"UpdateSurvey": func(c c, x *tx, b w, a world) (any, error) {
			a.survey.WorkspaceID, a.survey.Name = b.ID, "stolen"
			return nothing(x.UpdateSurvey(c, a.survey))
		},
		"ExtendGrant": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.ExtendGrant(c, b.ID, surveys.PurposeAPIKey, a.token, never))
		},
		"SpendGrant": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SpendGrant(c, b.ID, surveys.PurposeAPIKey, a.token))
		},
		"RevokeGrants": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.RevokeGrants(c, b.ID, surveys.PurposeAPIKey, a.key.ID))
		},
		"PurgeExpired": func(c c, x *tx, b w, a world) (any, error) { return nothing2(x.PurgeExpired(c, b.ID, never)) },
		"DeleteAPIKey": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.DeleteAPIKey(c, b.ID, a.key.ID)) },
		"UpdateUser": func(c c, x *tx, b w, a world) (any, error) {
			a.user.WorkspaceID, a.user.PasswordHash = b.ID, "stolen"
			return nothing(x.UpdateUser(c, a.user))
		},
	}
}

// loyaltyAttempts are the attempts on who stays and who leaves.
func loyaltyAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"LoyaltyPlan": func(c c, x *tx, b w, a world) (any, error) {
			plan, err := x.LoyaltyPlan(c, b.ID)
			return plan.Currency, err // the default plan has none
		},
		"LoyaltyReport": func(c c, x *tx, b w, a world) (any, error) {
			var body map[string]int
			_, err := x.LoyaltyReport(c, b.ID, &body)
			return body, err
		},
		"SaveLoyaltyReport": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveLoyaltyReport(c, b.ID, "stolen", []surveys.Risk{{PersonID: a.person.ID}}))
		},
		"Risks":      func(c c, x *tx, b w, a world) (any, error) { return x.Risks(c, b.ID, 0, 9) },
		"EventTypes": func(c c, x *tx, b w, a world) (any, error) { return x.EventTypes(c, b.ID) },
		"EachEventOf": func(c c, x *tx, b w, a world) (any, error) {
			var seen []surveys.Event
			err := x.EachEventOf(c, b.ID, []string{a.event.Type}, func(e surveys.Event) error { seen = append(seen, e); return nil })
			return seen, err
		},
	}
}

// nothing2 is [nothing] for a method that says what it wrote of its own.
func nothing2[T any](_ T, err error) (any, error) { return nil, err }

// ownOnly lists the methods that have no way to name a row of another
// workspace: they insert a row of their own, or look up a whole workspace.
func ownOnly() []string {
	return []string{
		"CreateAPIKey", "CreateBenchmark", "CreateShare", "CreateEvent", "AddTouches", "CreateGrant", "CreateGrants", "CreateInvitation", "CreateSurvey", "CreateUser", "CreateWorkspace", "UpdateWorkspace", "SaveLoyaltyPlan",
		"Workspace", "FirstWorkspace", "WorkspaceByKey", "Workspaces", "Enqueue", "Exec", "DuePlan", "RowsRead", "Now", "NewID",
	}
}

// TestNoMethodCrossesWorkspaces calls every method of the store as a stranger.
func TestNoMethodCrossesWorkspaces(t *testing.T) {
	t.Parallel()
	attempts := readAttempts()
	maps.Copy(attempts, writeAttempts())
	maps.Copy(attempts, settingAttempts())
	maps.Copy(attempts, answerAttempts())
	maps.Copy(attempts, benchmarkAttempts())
	maps.Copy(attempts, themeAttempts())
	maps.Copy(attempts, feedAttempts())
	maps.Copy(attempts, driverAttempts())
	maps.Copy(attempts, loyaltyAttempts())
	maps.Copy(attempts, digestAttempts())
	maps.Copy(attempts, noteAttempts())
	maps.Copy(attempts, askedAttempts())
	maps.Copy(attempts, countAttempts())
	maps.Copy(attempts, letterAttempts())
	maps.Copy(attempts, outboxAttempts())
	maps.Copy(attempts, turnAttempts())
	maps.Copy(attempts, senderAttempts())
	maps.Copy(attempts, streamAttempts())
	maps.Copy(attempts, bounceAttempts())
	maps.Copy(attempts, ruleAttempts())
	maps.Copy(attempts, listAttempts())
	maps.Copy(attempts, machineAttempts())
	maps.Copy(attempts, visitorAttempts())
	maps.Copy(attempts, cancelAttempts())
	for method := range reflect.TypeFor[*store.Tx]().Methods() {
		if _, tried := attempts[method.Name]; !tried && !slices.Contains(ownOnly(), method.Name) {
			t.Errorf("Tx.%s is not tried: add it to the attempts", method.Name)
		}
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		a := newWorld(t, s)
		before := dump(t, s, a.w.ID)
		for name, try := range attempts {
			b := storetest.Workspace(t, s)
			var seen any
			err := s.InTx(context.Background(), func(tx *store.Tx) (err error) {
				seen, err = try(context.Background(), tx, b, a)
				return err
			})
			kind := surveys.KindOf(err)
			if err != nil && kind != surveys.NotFound && kind != surveys.Conflict {
				t.Errorf("%s: %v", name, err)
			}
			if v := reflect.ValueOf(seen); err == nil && seen != nil && !v.IsZero() && (v.Kind() != reflect.Slice && v.Kind() != reflect.Map || v.Len() > 0) {
				t.Errorf("%s: a stranger sees %+v", name, seen)
			}
			if after := dump(t, s, a.w.ID); after != before {
				t.Fatalf("%s: a stranger changed\n%s\nto\n%s", name, before, after)
			}
		}
	})
}

// dump writes down every row of a workspace.
func dump(t *testing.T, s *store.Store, ws surveys.WorkspaceID) string {
	t.Helper()
	var b strings.Builder
	tables := slices.Sorted(maps.Keys(columnsOf(t, s)))
	for _, table := range tables {
		query := "SELECT * FROM " + table + " WHERE workspace_id = '" + string(ws) + "'"
		rows, err := s.Readers().Query(query)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		var lines []string
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := table
			for _, value := range values {
				line += fmt.Sprintf(" %v", *value.(*any))
			}
			lines = append(lines, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
		slices.Sort(lines)
		if len(lines) == 0 {
			t.Fatalf("the table %s is empty: the world lacks something", table)
		}
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return b.String()
}

package store_test

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// save stores news of a person.
func save(t *testing.T, s *store.Store, news surveys.Person) surveys.Person {
	t.Helper()
	var saved surveys.Person
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		saved, err = tx.SavePerson(ctx, news)
		return err
	})
	return saved
}

// TestSavePersonFindsThePersonMeant walks through the ways in which a company
// names somebody.
func TestSavePersonFindsThePersonMeant(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Workspace(t, s)
		byID := save(t, s, surveys.Person{WorkspaceID: w.ID, ExternalID: "7", Email: "ada@example.com", Traits: map[string]any{"plan": "free", "gone": nil}})
		byMail := save(t, s, surveys.Person{WorkspaceID: w.ID, Email: "bob@example.com", Name: "Bob"})
		clock.Advance(time.Minute)
		for _, c := range []struct {
			name string
			news surveys.Person
			want string // "" for a new person
			row  surveys.Person
		}{
			{"by id", surveys.Person{ExternalID: "7", Traits: map[string]any{"plan": "pro"}}, byID.ID, surveys.Person{ExternalID: "7", Email: "ada@example.com", Traits: map[string]any{"plan": "pro"}}},
			{"by address, which has an id", surveys.Person{Email: "ada@example.com", Name: "Ada"}, byID.ID, surveys.Person{ExternalID: "7", Email: "ada@example.com", Name: "Ada", Traits: map[string]any{"plan": "pro"}}},
			{"by address, gets an id", surveys.Person{ExternalID: "8", Email: "bob@example.com"}, byMail.ID, surveys.Person{ExternalID: "8", Email: "bob@example.com", Name: "Bob", Traits: map[string]any{}}},
			{"another id at the same address", surveys.Person{ExternalID: "9", Email: "bob@example.com"}, "", surveys.Person{ExternalID: "9", Email: "bob@example.com", Traits: map[string]any{}}},
			{"a new address of a known id", surveys.Person{ExternalID: "7", Email: "ada@new.example", Traits: map[string]any{"plan": nil}}, byID.ID, surveys.Person{ExternalID: "7", Email: "ada@new.example", Name: "Ada", Traits: map[string]any{}}},
			{"nobody yet", surveys.Person{Email: "eve@example.com"}, "", surveys.Person{Email: "eve@example.com", Traits: map[string]any{}}},
		} {
			c.news.WorkspaceID = w.ID
			saved := save(t, s, c.news)
			if isNew := saved.ID != byID.ID && saved.ID != byMail.ID; isNew != (c.want == "") || !isNew && saved.ID != c.want {
				t.Errorf("%s: saved as %s, want %q", c.name, saved.ID, c.want)
			}
			read, err := s.Person(context.Background(), w.ID, saved.ID)
			if err != nil || !reflect.DeepEqual(read, saved) {
				t.Errorf("%s: read back %+v, %v\nsaved %+v", c.name, read, err, saved)
			}
			c.row.WorkspaceID, c.row.ID, c.row.CreatedAt, c.row.UpdatedAt = w.ID, saved.ID, saved.CreatedAt, s.Now()
			if !reflect.DeepEqual(read, c.row) {
				t.Errorf("%s: %+v\nwant %+v", c.name, read, c.row)
			}
		}
	})
}

// TestSavePersonRaces creates one person by many transactions at once.
func TestSavePersonRaces(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		for name, news := range map[string]surveys.Person{
			"by id":                          {ExternalID: "7"},
			"by address":                     {Email: "ada@example.com"},
			"by both":                        {ExternalID: "8", Email: "bob@example.com"},
			"by a new id of a known address": {ExternalID: "9", Email: "eve@example.com"},
		} {
			news.WorkspaceID = w.ID
			if news.ExternalID == "9" {
				save(t, s, surveys.Person{WorkspaceID: w.ID, Email: news.Email})
			}
			ids := make([]string, 8)
			var wg sync.WaitGroup
			for i := range ids {
				news := news
				news.Traits = map[string]any{fmt.Sprint("trait", i): i}
				wg.Go(func() { ids[i] = save(t, s, news).ID })
			}
			wg.Wait()
			for _, id := range ids {
				if id != ids[0] {
					t.Fatalf("%s: one person became %v", name, ids)
				}
			}
			person, err := s.Person(context.Background(), w.ID, ids[0])
			if err != nil || len(person.Traits) != len(ids) {
				t.Errorf("%s: of %d traits, %d were kept (%v)", name, len(ids), len(person.Traits), err)
			}
		}
	})
}

func TestPeopleAreFoundAsTyped(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		ada := save(t, s, surveys.Person{WorkspaceID: w.ID, ExternalID: "A%7", Email: "ada@example.com", Name: "Ada Lovelace"})
		bob := save(t, s, surveys.Person{WorkspaceID: w.ID, ExternalID: "B_8", Email: "bob@example.com", Name: `Bob \ Sons`})
		for search, want := range map[string][]string{
			"": {bob.ID, ada.ID}, "LOVE": {ada.ID}, "example.com": {bob.ID, ada.ID}, "a%": {ada.ID}, "b_": {bob.ID}, `\`: {bob.ID}, "%": {ada.ID}, "_": {bob.ID}, "' OR 1=1 --": nil,
		} {
			found, err := s.People(context.Background(), w.ID, search, 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, p := range found {
				ids = append(ids, p.ID)
			}
			if !reflect.DeepEqual(ids, want) {
				t.Errorf("%q finds %v, want %v", search, ids, want)
			}
		}
		page, err := s.People(context.Background(), w.ID, "", 1, 1)
		if err != nil || len(page) != 1 || page[0].ID != ada.ID {
			t.Errorf("the second page is %v, %v", page, err)
		}
		byID, err := s.PeopleByID(context.Background(), w.ID, []string{ada.ID, storetest.ID(t, s)})
		if err != nil || len(byID) != 1 || byID[ada.ID].Name != "Ada Lovelace" {
			t.Errorf("by id: %v, %v", byID, err)
		}
	})
}

// TestErasePersonLeavesNoTrace erases somebody and looks for them everywhere.
func TestErasePersonLeavesNoTrace(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		person, other := storetest.Person(t, s, w.ID), storetest.Person(t, s, w.ID)
		invitation, spared := storetest.Invitation(t, s, survey, person), storetest.Invitation(t, s, survey, other)
		token := storetest.Token(t, s, w, surveys.PurposeAnswer, invitation.ID)
		answer, kept := storetest.Response(t, s, survey, 2), storetest.Answer(t, s, survey, 9)
		answer.PersonID, answer.InvitationID = person.ID, invitation.ID
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.Take(ctx, store.Submission{Response: answer}); err != nil {
				return err
			}
			if err := tx.CreateDecisions(ctx, surveys.Event{WorkspaceID: w.ID, ID: invitation.EventID}, []surveys.Decision{{RuleID: invitation.RuleID, SurveyID: survey.ID, Outcome: surveys.Scheduled, InvitationID: invitation.ID}}); err != nil {
				return err
			}
			if err := tx.Suppress(ctx, w, person.Email, surveys.SuppressedUnsubscribed); err != nil {
				return err
			}
			return tx.SaveLetter(ctx, w.ID, store.Letter{InvitationID: invitation.ID, Recipient: person.Email, Message: []byte("Dear Ada")})
		})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, person.ID) })
		for what, err := range map[string]error{
			"person":     second(s.Person(ctx, w.ID, person.ID)),
			"invitation": second(s.Invitation(ctx, w.ID, invitation.ID)),
			"event":      second(s.Event(ctx, w.ID, invitation.EventID)),
			"letter":     second(s.Letter(ctx, w.ID, invitation.ID)),
			"answer":     second(s.Response(ctx, w.ID, answer.ID)),
			"token":      second(s.Grant(ctx, w.ID, surveys.PurposeAnswer, token, s.Now())),
		} {
			if surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("the %s is still there: %v", what, err)
			}
		}
		if decisions, err := s.Decisions(ctx, w.ID, []string{invitation.EventID}); err != nil || len(decisions) > 0 {
			t.Errorf("decisions are still there: %v, %v", decisions, err)
		}
		if reason, err := s.Suppression(ctx, w, person.Email); err != nil || reason != surveys.SuppressedUnsubscribed {
			t.Errorf("the suppression is %q, %v: it must outlive the person", reason, err)
		}
		if _, err := s.Invitation(ctx, w.ID, spared.ID); err != nil {
			t.Errorf("somebody else's invitation: %v", err)
		}
		if _, err := s.Response(ctx, w.ID, kept.ID); err != nil {
			t.Errorf("somebody else's answer: %v", err)
		}
		consistent(t, s, survey, 1)
		err := s.InTx(ctx, func(tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, person.ID) })
		if surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("erased twice: %v, want NotFound", err)
		}
	})
}

// second is a call's error.
func second[T any](_ T, err error) error { return err }

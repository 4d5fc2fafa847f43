package flow_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// till is a counter whose answers go through a writer of its own.
type till struct {
	*counter
	office  flow.Office
	answers *flow.Answers
}

// newAnswers starts the way in for answers on a store, until the test ends.
func newAnswers(t *testing.T, s *store.Store) *flow.Answers {
	t.Helper()
	in := store.NewIngest(s, nil)
	t.Cleanup(in.Close)
	return flow.NewAnswers(s, flow.NewDirectory(s), in)
}

func newTill(t *testing.T, s *store.Store) *till {
	t.Helper()
	k := newCounter(t, s)
	return &till{counter: k, office: flow.Office{Workspace: k.w, Zone: k.w.Location()}, answers: newAnswers(t, s)}
}

// invite schedules an invitation through a real event, and returns it opened
// by its link.
func (k *till) invite(t *testing.T) flow.Invited {
	t.Helper()
	e := k.order()
	e.Properties = map[string]any{"country": "FR", "total": 62.5}
	id := k.receive(t, e, k.caller()).Decisions[0].InvitationID
	in, err := k.answers.OpenInvitation(context.Background(), k.link(t, surveys.PurposeAnswer, id))
	if err != nil {
		t.Fatalf("OpenInvitation = %v", err)
	}
	return in
}

// link stores a token for an invitation that never ends, as mails carry it.
func (k *till) link(t *testing.T, purpose surveys.Purpose, invitationID string) surveys.Token {
	t.Helper()
	token, err := surveys.NewToken(k.s.Random(), k.w.Key)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error {
		return tx.CreateGrant(ctx, k.w.ID, store.NewGrant{Token: token, Purpose: purpose, SubjectID: invitationID})
	})
	return token
}

// stored lists the counter's responses, the latest first.
func (k *counter) stored(t *testing.T) []surveys.Response {
	t.Helper()
	list, err := k.s.Responses(context.Background(), k.w.ID, store.ResponseFilter{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// checkCounts checks that the rollups agree with the responses, and with what
// a test expects of a survey: how often each score was given.
func (k *counter) checkCounts(t *testing.T, survey surveys.Survey, want map[int]int64) {
	t.Helper()
	ctx := context.Background()
	if differences, err := k.s.Recount(ctx, k.w.ID); err != nil || len(differences) != 0 {
		t.Errorf("Recount = %+v, %v, want no difference", differences, err)
	}
	rollups, err := k.s.Rollups(ctx, k.w.ID, store.RollupFilter{SurveyID: survey.ID, To: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[int]int64)
	for _, r := range rollups {
		for score, n := range r.Counts {
			if n != 0 {
				got[score] += n
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("scores = %v, want %v", got, want)
	}
}

func TestOpenInvitation(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		token func(t *testing.T, k *till, invitationID string) surveys.Token
		kind  surveys.Kind
		code  string
		found bool // what was found comes along
	}{
		{"a good link", func(t *testing.T, k *till, id string) surveys.Token { return k.link(t, surveys.PurposeAnswer, id) }, "", "", true},
		{"a token of another purpose", func(t *testing.T, k *till, id string) surveys.Token {
			return k.link(t, surveys.PurposeUnsubscribe, id)
		}, surveys.NotFound, "not_found", false},
		{"a token of another workspace", func(t *testing.T, k *till, id string) surveys.Token {
			foreign := newTill(t, k.s)
			return surveys.Token(foreign.w.Key) + k.link(t, surveys.PurposeAnswer, id)[surveys.KeyLength:]
		}, surveys.NotFound, "not_found", false},
		{"another workspace's token for this invitation", func(t *testing.T, k *till, id string) surveys.Token {
			return newTill(t, k.s).link(t, surveys.PurposeAnswer, id)
		}, surveys.NotFound, "not_found", false},
		{"a token that nobody drew", func(_ *testing.T, k *till, _ string) surveys.Token {
			return surveys.Token(k.w.Key + strings.Repeat("A", surveys.SecretLength))
		}, surveys.NotFound, "not_found", false},
		{"no token", func(*testing.T, *till, string) surveys.Token { return "" }, surveys.NotFound, "not_found", false},
		{"a token that was cut", func(t *testing.T, k *till, id string) surveys.Token {
			return k.link(t, surveys.PurposeAnswer, id)[:surveys.TokenLength-1]
		}, surveys.NotFound, "not_found", false},
		{"a token of broken bytes", func(*testing.T, *till, string) surveys.Token {
			return surveys.Token("\xff\x00'\"\xfe--x" + strings.Repeat("A", surveys.SecretLength))[:surveys.TokenLength]
		}, surveys.NotFound, "not_found", false},
		{"an invitation that has expired", func(t *testing.T, k *till, id string) surveys.Token {
			k.edit(t, id, func(i *surveys.Invitation) { i.ExpiresAt = k.s.Now() })
			return k.link(t, surveys.PurposeAnswer, id)
		}, surveys.Gone, "invitation_expired", true},
		{"a survey that is paused", func(t *testing.T, k *till, id string) surveys.Token {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
			return k.link(t, surveys.PurposeAnswer, id)
		}, surveys.Gone, "survey_paused", true},
		{"a survey that is archived", func(t *testing.T, k *till, id string) surveys.Token {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyArchived })
			return k.link(t, surveys.PurposeAnswer, id)
		}, surveys.Gone, "survey_archived", true},
		{"a survey past its end", func(t *testing.T, k *till, id string) surveys.Token {
			k.changeSurvey(t, func(s *surveys.Survey) { end := k.s.Now(); s.ClosesAt = &end })
			return k.link(t, surveys.PurposeAnswer, id)
		}, surveys.Gone, "survey_closed", true},
		{"a person who was erased", func(t *testing.T, k *till, id string) surveys.Token {
			token := k.link(t, surveys.PurposeAnswer, id)
			storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, k.person.ID) })
			return token
		}, surveys.NotFound, "not_found", false},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				id := k.receive(t, k.order(), k.caller()).Decisions[0].InvitationID
				in, err := k.answers.OpenInvitation(context.Background(), c.token(t, k, id))
				wantKind(t, err, c.kind, c.code)
				if (in.Invitation.ID == id) != c.found {
					t.Errorf("opened invitation %q, want %q found: %t", in.Invitation.ID, id, c.found)
				}
				if c.found && (in.Office.ID != k.w.ID || in.Survey.ID != k.survey.ID || in.Person.ID != k.person.ID || in.Office.Zone == nil) {
					t.Errorf("opened %+v, want all of the invitation", in)
				}
			})
		}
	})
}

// edit stores an invitation as change leaves it, by way of a claim.
func (k *counter) edit(t *testing.T, id string, change func(*surveys.Invitation)) {
	t.Helper()
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error {
		i, err := tx.Invitation(ctx, k.w.ID, id)
		if err != nil {
			return err
		}
		from := i.State
		i.State = surveys.InvitationClaimed
		change(&i)
		return tx.MoveInvitation(ctx, i, from)
	})
}

func TestAnswerInvitation(t *testing.T) {
	t.Parallel()
	type given = flow.Given
	cases := []struct {
		name    string
		answers []flow.Given
		want    []store.ReceiptOutcome
		score   int
		comment string
	}{
		{"once", []given{{Score: 9}}, []store.ReceiptOutcome{store.Stored}, 9, ""},
		{"with a comment", []given{{Score: 0, Comment: " Cold coffee. "}}, []store.ReceiptOutcome{store.Stored}, 0, "Cold coffee."},
		{"twice the same", []given{{Score: 9}, {Score: 9}}, []store.ReceiptOutcome{store.Stored, store.Replayed}, 9, ""},
		{"changed", []given{{Score: 2, Comment: "Late"}, {Score: 10}}, []store.ReceiptOutcome{store.Stored, store.Changed}, 10, ""},
		{"a comment after the score", []given{{Score: 7}, {Score: 7, Comment: "好喝"}}, []store.ReceiptOutcome{store.Stored, store.Changed}, 7, "好喝"},
		{"there and back", []given{{Score: 1}, {Score: 9}, {Score: 1}}, []store.ReceiptOutcome{store.Stored, store.Changed, store.Changed}, 1, ""},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				in := k.invite(t)
				for i, given := range c.answers {
					receipt, err := k.answers.AnswerInvitation(context.Background(), in, given)
					if err != nil || receipt.Outcome != c.want[i] {
						t.Fatalf("answer %d = %+v, %v, want %s", i+1, receipt, err, c.want[i])
					}
				}
				k.checkCounts(t, k.survey, map[int]int64{c.score: 1})
				r := k.stored(t)[0]
				want := surveys.Response{
					WorkspaceID: k.w.ID, ID: r.ID, SurveyID: k.survey.ID, Version: 1, InvitationID: in.Invitation.ID, PersonID: k.person.ID,
					Score: c.score, Comment: c.comment, Channel: surveys.ChannelMail,
					Segments: map[string]string{"channel": "mail", "version": "1", "plan": "pro", "country": "DE"},
					Day:      surveys.Day(s.Now(), k.office.Zone), AnsweredAt: s.Now(), CreatedAt: s.Now(), UpdatedAt: s.Now(),
				}
				if !reflect.DeepEqual(r, want) {
					t.Errorf("stored %+v, want %+v", r, want)
				}
				marked, err := s.Invitation(context.Background(), k.w.ID, in.Invitation.ID)
				if err != nil || marked.ResponseID != r.ID || marked.AnsweredAt == nil || !marked.AnsweredAt.Equal(s.Now()) {
					t.Errorf("the invitation = %+v, %v, want it marked as answered", marked, err)
				}
			})
		}
	})
}

func TestAnswerInvitationConcurrently(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			processes := servers(t, dialect, 2)
			k := newTill(t, processes[0])
			in := k.invite(t)
			ways := []*flow.Answers{k.answers}
			for _, s := range processes[1:] {
				ways = append(ways, newAnswers(t, s))
			}
			var mu sync.Mutex
			outcomes, ids := map[store.ReceiptOutcome]int{}, map[string]bool{}
			atOnce(20, func(i int) {
				receipt, err := ways[i%len(ways)].AnswerInvitation(context.Background(), in, flow.Given{Score: i % 11, Comment: fmt.Sprint("answer ", i)})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("AnswerInvitation = %v", err)
				}
				outcomes[receipt.Outcome]++
				ids[receipt.ResponseID] = true
			})
			list := k.stored(t)
			if len(list) != 1 || len(ids) != 1 || !ids[list[0].ID] {
				t.Fatalf("%d responses, receipts for %v, want one", len(list), ids)
			}
			if want := (map[store.ReceiptOutcome]int{store.Stored: 1, store.Changed: 19}); !reflect.DeepEqual(outcomes, want) {
				t.Errorf("outcomes = %v, want %v", outcomes, want)
			}
			k.checkCounts(t, k.survey, map[int]int64{list[0].Score: 1})
		})
	}
}

func TestAnswerLink(t *testing.T) {
	t.Parallel()
	type sent struct {
		form  string
		score int
	}
	cases := []struct {
		name   string
		sent   []sent
		want   []store.ReceiptOutcome
		counts map[int]int64
	}{
		{"two visitors", []sent{{"a", 9}, {"b", 9}}, []store.ReceiptOutcome{store.Stored, store.Stored}, map[int]int64{9: 2}},
		{"the same form twice", []sent{{"a", 9}, {"a", 9}}, []store.ReceiptOutcome{store.Stored, store.Replayed}, map[int]int64{9: 1}},
		{"the same form, changed", []sent{{"a", 9}, {"a", 3}}, []store.ReceiptOutcome{store.Stored, store.Changed}, map[int]int64{3: 1}},
		{"forms without a mark", []sent{{"", 9}, {"", 9}}, []store.ReceiptOutcome{store.Stored, store.Stored}, map[int]int64{9: 2}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				for i, sent := range c.sent {
					receipt, err := k.answers.AnswerLink(context.Background(), k.office, k.survey, sent.form, flow.Given{Score: sent.score, Locale: "zh-Hans"})
					if err != nil || receipt.Outcome != c.want[i] {
						t.Fatalf("answer %d = %+v, %v, want %s", i+1, receipt, err, c.want[i])
					}
				}
				k.checkCounts(t, k.survey, c.counts)
				for _, r := range k.stored(t) {
					if r.Channel != surveys.ChannelLink || r.PersonID != "" || r.InvitationID != "" || r.Locale != "zh-Hans" {
						t.Errorf("stored %+v, want an anonymous answer by the link", r)
					}
				}
			})
		}
		t.Run("one form on two surveys", func(t *testing.T) {
			t.Parallel()
			k := newTill(t, s)
			second := storetest.Survey(t, s, k.w.ID, surveys.NPS)
			for _, survey := range []surveys.Survey{k.survey, second} {
				if receipt, err := k.answers.AnswerLink(context.Background(), k.office, survey, "a", flow.Given{Score: 8}); err != nil || receipt.Outcome != store.Stored {
					t.Errorf("AnswerLink = %+v, %v, want it stored", receipt, err)
				}
			}
		})
		t.Run("a survey that is paused", func(t *testing.T) {
			t.Parallel()
			k := newTill(t, s)
			k.survey.Status = surveys.SurveyPaused
			_, err := k.answers.AnswerLink(context.Background(), k.office, k.survey, "a", flow.Given{Score: 8})
			wantKind(t, err, surveys.Gone, "survey_paused")
		})
	})
}

func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		metric surveys.Metric
		in     flow.Recorded
		want   map[string]string // path → code; nil when it is stored
	}{
		{"the lowest NPS", surveys.NPS, flow.Recorded{Given: flow.Given{Score: 0}}, nil},
		{"the highest NPS", surveys.NPS, flow.Recorded{Given: flow.Given{Score: 10}}, nil},
		{"below NPS", surveys.NPS, flow.Recorded{Given: flow.Given{Score: -1}}, map[string]string{"score": "score"}},
		{"above NPS", surveys.NPS, flow.Recorded{Given: flow.Given{Score: 11}}, map[string]string{"score": "score"}},
		{"far above", surveys.NPS, flow.Recorded{Given: flow.Given{Score: 1<<63 - 1}}, map[string]string{"score": "score"}},
		{"below CES", surveys.CES, flow.Recorded{Given: flow.Given{Score: 0}}, map[string]string{"score": "score"}},
		{"the highest CES", surveys.CES, flow.Recorded{Given: flow.Given{Score: 7}}, nil},
		{"above CES", surveys.CES, flow.Recorded{Given: flow.Given{Score: 8}}, map[string]string{"score": "score"}},
		{"below effort", surveys.CES5, flow.Recorded{Given: flow.Given{Score: 0}}, map[string]string{"score": "score"}},
		{"above effort", surveys.CES5, flow.Recorded{Given: flow.Given{Score: 6}}, map[string]string{"score": "score"}},
		{"below CSAT", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 0}}, map[string]string{"score": "score"}},
		{"above CSAT", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 6}}, map[string]string{"score": "score"}},
		{"a comment as long as it may be, after trimming", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5, Comment: " " + strings.Repeat("好", surveys.MaxCommentRunes) + "\n"}}, nil},
		{"a comment too long", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5, Comment: strings.Repeat("好", surveys.MaxCommentRunes+1)}}, map[string]string{"comment": "too_long"}},
		{"a comment that is no UTF-8", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5, Comment: "a\xff"}}, map[string]string{"comment": "utf8"}},
		{"a comment with a null character", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5, Comment: "a\x00b"}}, map[string]string{"comment": "utf8"}},
		{"a language with a null character", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5, Locale: "e\x00"}}, map[string]string{"locale": "utf8"}},
		{"a language too long", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5, Locale: strings.Repeat("e", 36)}}, map[string]string{"locale": "too_long"}},
		{"answered yesterday", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5}, AnsweredAt: storetest.Start().AddDate(0, 0, -1)}, nil},
		{"answered in the future", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5}, AnsweredAt: storetest.Start().Add(surveys.EventLead + 1)}, map[string]string{"answered_at": "future"}},
		{"answered in antiquity", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5}, AnsweredAt: time.Unix(0, 0)}, map[string]string{"answered_at": "ancient"}},
		{"a person without a name", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5}, Person: &surveys.Person{}}, map[string]string{"person": "person"}},
		{"a person with a wrong address", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 5}, Person: &surveys.Person{Email: "ada"}}, map[string]string{"person.email": "email"}},
		{"all at once", surveys.CSAT, flow.Recorded{Given: flow.Given{Score: 6, Comment: "\x00"}, AnsweredAt: time.Unix(0, 0)},
			map[string]string{"score": "score", "comment": "utf8", "answered_at": "ancient"}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				survey := storetest.Survey(t, s, k.w.ID, c.metric)
				if c.want != nil && c.in.Person == nil {
					c.in.Person = &surveys.Person{ExternalID: "nobody"}
				}
				_, err := k.answers.Record(context.Background(), k.office, survey.ID, c.in)
				if c.want == nil {
					wantKind(t, err, "", "")
					k.checkCounts(t, survey, map[int]int64{c.in.Score: 1})
					return
				}
				wantFields(t, err, c.want)
				k.checkCounts(t, survey, map[int]int64{})
				if people, err := s.People(context.Background(), k.w.ID, "nobody", 0, 10); err != nil || len(people) != 0 {
					t.Errorf("%d people are stored, %v: a refused answer leaves nothing", len(people), err)
				}
			})
		}
	})
}

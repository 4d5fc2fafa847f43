package flow_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// leave opens the way out of an invitation's mail.
func (k *till) leave(t *testing.T, invitationID string) flow.Invited {
	t.Helper()
	in, err := k.answers.OpenUnsubscribe(context.Background(), k.link(t, surveys.PurposeUnsubscribe, invitationID))
	if err != nil {
		t.Fatalf("OpenUnsubscribe = %v", err)
	}
	return in
}

// fate is what becomes of another order of the counter's person.
func (k *till) fate(t *testing.T, p surveys.Person) surveys.Outcome {
	t.Helper()
	return k.receive(t, k.order(), p).Decisions[0].Outcome
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cases := []struct {
		name  string
		moves func(t *testing.T, k *till, in flow.Invited)
		fate  surveys.Outcome // of the next order
	}{
		{"once", func(t *testing.T, k *till, in flow.Invited) {
			wantKind(t, k.answers.Unsubscribe(ctx, in), "", "")
		}, surveys.Unsubscribed},
		{"twice, as mail providers do", func(t *testing.T, k *till, in flow.Invited) {
			wantKind(t, k.answers.Unsubscribe(ctx, in), "", "")
			wantKind(t, k.answers.Unsubscribe(ctx, in), "", "")
		}, surveys.Unsubscribed},
		{"and back", func(t *testing.T, k *till, in flow.Invited) {
			wantKind(t, k.answers.Unsubscribe(ctx, in), "", "")
			wantKind(t, k.answers.Resubscribe(ctx, in), "", "")
		}, surveys.Scheduled}, // what was withdrawn asks nobody, so that no cap counts it
		{"back without having left", func(t *testing.T, k *till, in flow.Invited) {
			wantKind(t, k.answers.Resubscribe(ctx, in), "", "")
		}, surveys.Capped},
		{"back does not heal an address that bounces", func(t *testing.T, k *till, in flow.Invited) {
			k.suppress(t, surveys.SuppressedBounced)
			wantKind(t, k.answers.Unsubscribe(ctx, in), "", "")
			wantKind(t, k.answers.Resubscribe(ctx, in), "", "")
		}, surveys.Bounced},
		{"it outlives the person's erasure", func(t *testing.T, k *till, in flow.Invited) {
			wantKind(t, k.answers.Unsubscribe(ctx, in), "", "")
			storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, k.person.ID) })
		}, surveys.Unsubscribed},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				in := k.leave(t, k.invite(t).Invitation.ID)
				c.moves(t, k, in)
				if got := k.fate(t, surveys.Person{Email: " " + k.person.Email}); got != c.fate {
					t.Errorf("the next order is %s, want %s", got, c.fate)
				}
				other := newCounter(t, s)
				if d := other.receive(t, other.order(), surveys.Person{Email: k.person.Email}).Decisions[0]; d.Outcome != surveys.Scheduled {
					t.Errorf("in another workspace the address is %s, want scheduled", d.Outcome)
				}
			})
		}
	})
}

func TestUnsubscribeWithdrawsWhatIsScheduled(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		in := k.leave(t, k.invite(t).Invitation.ID)
		k.asked(t, surveys.InvitationScheduled, 48*time.Hour)
		k.asked(t, surveys.InvitationSent, -48*time.Hour)
		somebody := storetest.Invitation(t, s, k.survey, storetest.Person(t, s, k.w.ID))
		if err := k.answers.Unsubscribe(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		states := map[surveys.InvitationState]int{}
		for _, i := range k.invitations(t, k.person.ID) {
			states[i.State]++
		}
		if states[surveys.InvitationSuppressed] != 2 || states[surveys.InvitationSent] != 1 || len(states) != 2 {
			t.Errorf("states = %v, want the two scheduled ones suppressed and the sent one as it was", states)
		}
		if i, err := s.Invitation(context.Background(), k.w.ID, somebody.ID); err != nil || i.State != surveys.InvitationScheduled {
			t.Errorf("somebody else's invitation = %s, %v, want it scheduled still", i.State, err)
		}
		if err := k.answers.Resubscribe(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		if i, err := s.Invitation(context.Background(), k.w.ID, in.Invitation.ID); err != nil || i.State != surveys.InvitationSuppressed {
			t.Errorf("after coming back = %s, %v: what was withdrawn stays withdrawn", i.State, err)
		}
	})
}

func TestOpenUnsubscribe(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		token func(t *testing.T, k *till, id string) surveys.Token
		kind  surveys.Kind
	}{
		{"a good link", func(t *testing.T, k *till, id string) surveys.Token { return k.link(t, surveys.PurposeUnsubscribe, id) }, ""},
		{"an expired invitation's link still leads out", func(t *testing.T, k *till, id string) surveys.Token {
			k.edit(t, id, func(i *surveys.Invitation) { i.ExpiresAt = k.s.Now() })
			return k.link(t, surveys.PurposeUnsubscribe, id)
		}, ""},
		{"the link to answer", func(t *testing.T, k *till, id string) surveys.Token { return k.link(t, surveys.PurposeAnswer, id) }, surveys.NotFound},
		{"another workspace's link", func(t *testing.T, k *till, id string) surveys.Token {
			return newTill(t, k.s).link(t, surveys.PurposeUnsubscribe, id)
		}, surveys.NotFound},
		{"no link", func(*testing.T, *till, string) surveys.Token { return "unsubscribe" }, surveys.NotFound},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newTill(t, s)
				id := k.invite(t).Invitation.ID
				in, err := k.answers.OpenUnsubscribe(context.Background(), c.token(t, k, id))
				if surveys.KindOf(err) != c.kind || (err == nil) != (c.kind == "") {
					t.Fatalf("OpenUnsubscribe = %v, want %q", err, c.kind)
				}
				if err == nil && (in.Invitation.ID != id || in.Person.ID != k.person.ID || in.Office.ID != k.w.ID) {
					t.Errorf("opened %+v, want the invitation, its person and its workspace", in)
				}
			})
		}
	})
}

// TestAStopFollowsThePerson gives somebody a new address before or after they, or
// the team, said stop.
func TestAStopFollowsThePerson(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		stops := map[string]func(k *till, in flow.Invited) error{
			"all":         func(k *till, in flow.Invited) error { return k.answers.Unsubscribe(ctx, in) },
			"the survey":  func(k *till, in flow.Invited) error { return k.answers.StopSurvey(ctx, in) },
			"by the team": func(k *till, in flow.Invited) error { return flow.NewTeam(s).StopAsking(ctx, k.w, in.Person.ID) },
		}
		for name, stop := range stops {
			for _, before := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, moved before: %t", name, before), func(t *testing.T) {
					t.Parallel()
					k := newTill(t, s)
					moved := surveys.Person{ExternalID: "shop-7", Email: "new@customers.example"}
					first := k.receive(t, k.order(), surveys.Person{ExternalID: "shop-7", Email: "old@customers.example"})
					id := first.Decisions[0].InvitationID
					if before {
						k.receive(t, k.order(), moved)
					}
					wantKind(t, stop(k, k.leave(t, id)), "", "")
					if got := k.fate(t, moved); got != surveys.Unsubscribed {
						t.Errorf("the next order is %s", got)
					}
				})
			}
		}
	})
}

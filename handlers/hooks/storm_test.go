package hooks_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReportsComeAgain has every provider report five times each that letters are
// deferred, back, and that a person complained, in any order and at the same time,
// and once more after six minutes (security.md F9): one report of each is kept.
func TestReportsComeAgain(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newWorld(t, s, clock)
		type sent struct {
			provider string
			call     signed
		}
		type letter struct {
			provider string
			person   surveys.Person
			letter   surveys.Invitation
		}
		var calls []sent
		var letters []letter
		for provider, reports := range map[string]func() []signed{
			"ses": func() []signed { return []signed{x.sesBounce("Permanent", "General", "5.1.1", "user unknown")} },
			"mailgun": func() []signed {
				return []signed{x.mailgun("failed", "temporary", "t1", 450, "busy"), x.mailgun("failed", "permanent", "t2", 550, "5.1.1 user unknown"), x.mailgun("complained", "", "t3", 0, "")}
			},
			"postmark": func() []signed {
				return []signed{x.postmark("Bounce", "HardBounce", "550 5.1.1 unknown")}
			},
			"sendgrid": func() []signed {
				return []signed{x.sendgrid(x.sendgridEvent("deferred", "", "", "")), x.sendgrid(x.sendgridEvent("bounce", "bounce", "5.1.1", "550 5.1.1 unknown user")), x.sendgrid(x.sendgridEvent("spamreport", "", "", ""))}
			},
		} {
			x.renew()
			letters = append(letters, letter{provider, x.person, x.letter})
			for _, call := range reports() {
				for range 5 {
					calls = append(calls, sent{provider, call})
				}
			}
		}
		order := rand.New(rand.NewPCG(1, 9))
		order.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
		var all sync.WaitGroup
		for part := range slices.Chunk(calls, len(calls)/4) {
			all.Go(func() {
				for _, c := range part {
					if code := x.post(c.provider, x.w.Key, c.call.body, c.call.header); code != 200 {
						t.Errorf("%s: answered %d", c.provider, code)
					}
				}
			})
		}
		all.Wait()
		clock.Advance(6 * time.Minute)
		for _, c := range calls {
			if code := x.post(c.provider, x.w.Key, c.call.body, c.call.header); code != 200 && code != 401 {
				t.Errorf("%s, six minutes later: answered %d", c.provider, code)
			}
		}
		for _, l := range letters {
			kept, err := s.Bounces(context.Background(), x.w.ID, []string{l.letter.ID})
			if err != nil {
				t.Fatal(err)
			}
			classes := make(map[surveys.BounceClass]int)
			for _, b := range kept {
				classes[b.Class]++
			}
			complaints := 0
			if l.provider == "mailgun" || l.provider == "sendgrid" {
				complaints = 1
			}
			if classes[surveys.BounceHard] != 1 || classes[surveys.BounceComplaint] != complaints || len(kept) != 1+complaints {
				t.Errorf("%s: kept are %v", l.provider, classes)
			}
			i, err := s.Invitation(context.Background(), x.w.ID, l.letter.ID)
			if err != nil || i.State != surveys.InvitationBounced {
				t.Errorf("%s: the letter is %s, %v", l.provider, i.State, err)
			}
			if why, err := s.Suppression(context.Background(), x.w, l.person.Email); err != nil || why == "" {
				t.Errorf("%s: suppressed as %q, %v", l.provider, why, err)
			}
		}
	})
}

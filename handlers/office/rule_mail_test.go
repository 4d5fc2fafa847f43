package office

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// complain has people call the letter of their last invitation spam.
func (x *team) complain(people ...surveys.Person) {
	x.t.Helper()
	ctx := context.Background()
	for _, p := range people {
		list, err := x.store.PersonInvitations(ctx, x.w.ID, p.ID, 1)
		if err != nil || len(list) != 1 {
			x.t.Fatalf("%d invitations, %v", len(list), err)
		}
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AddBounce(ctx, x.w, p.Email, surveys.Bounce{InvitationID: list[0].ID, Class: surveys.BounceComplaint, Source: surveys.BounceByMail, Key: p.ID})
			return err
		})
	}
}

// TestRulePageFollowsItsLetters: handed over, taken, come back, complained about,
// answered, each with the list behind it, in the period that is asked for, whether
// they are taken into the counts or not.
func TestRulePageFollowsItsLetters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, x.w.ID, surveys.NPS))
		at, m := "/asking/"+rule.ID, x.as(surveys.Viewer)
		asked := slices.Repeat([]surveys.Outcome{surveys.Scheduled}, 9)
		arrived := x.decided(rule, surveys.InvitationSent, asked...)
		x.decided(rule, surveys.InvitationBounced, asked[0])
		x.decided(rule, surveys.InvitationFailed, asked[:2]...)
		x.complain(arrived[0])
		for _, counted := range []string{"fresh", "counted"} {
			if counted == "counted" {
				if err := flow.CountInvitations(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
			p := m.get(at).want(http.StatusOK)
			var steps []string
			p.Find(".fates .step, .fates ul li").Each(func(_ int, line *goquery.Selection) {
				steps = append(steps, strings.Join(strings.Fields(line.Text()), " "))
			})
			const want = "Events12 100%|Asked12 100%|Handed to the mail server12 100%|Refused by the mail server2 17%|Taken by the mail server10 83%|" +
				"Came back after the mail server took it1 8%|Of these: Called a mail spam1 8%|Did not come back9 75%|Answered0 0%"
			if got := strings.Join(steps, "|"); got != want {
				t.Errorf("%s: the steps are\n%s, want\n%s", counted, got, want)
			}
			p.Find(".fates a").Each(func(_ int, link *goquery.Selection) {
				listed := m.get(link.AttrOr("href", "")).want(http.StatusOK).Find("tbody tr").Length()
				if n := strings.TrimSpace(link.Text()); n != m.site.Catalogue.Match("en").Number(int64(listed)) {
					t.Errorf("%s leads to %d events behind %s", link.AttrOr("href", ""), listed, n)
				}
			})
			p.says(".fates-card .sentences", "0% of those whose mail arrived have answered so far (between 0% and 30%).")
			p.says(".fates-card .sentences", "1 mail came back: 10% of those that the mail server took (between 1.8% and 40%).")
			p.says(".fates-card .sentences", "1 person called a mail spam: 10% (between 1.8% and 40%). Large mailbox providers want less than 0.1%.")
			p.says(".fates-card .sentences", "Not counted is who opened a mail")
		}
		p := m.get(at + "?range=7").want(http.StatusOK)
		p.says(".fates-card header", "In the last 7 days")
		p.has(`.fates a[href*="range=7"]`, p.Find(".fates a").Length())
		p.has(`.fates-card a[href*="fates.csv?range=7"], .fates-card a[href*="fates.svg?range=7"]`, 2)
		m.get(p.Find(".fates a").First().AttrOr("href", "")).has(`a[href="`+at+`?range=7"]`, 1)
		m.get(at+"?range=8").says(".fates-card header", "In the last 30 days")
		m.get(at+"/events?outcome=complained").says("h1", "Called a mail spam")
	})
}

// TestRulePageLooksBackAsFarAsItIsAsked: a letter of forty days ago is there in
// ninety days and not in thirty.
func TestRulePageLooksBackAsFarAsItIsAsked(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newTeam(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, x.w.ID, surveys.NPS))
		x.decided(rule, surveys.InvitationSent, surveys.Scheduled)
		clock.Advance(40 * 24 * time.Hour)
		x.decided(rule, surveys.InvitationSent, surveys.Scheduled, surveys.Scheduled)
		m, at := x.as(surveys.Viewer), "/asking/"+rule.ID
		for query, want := range map[string]string{"": "2", "?range=30": "2", "?range=7": "2", "?range=90": "3"} {
			p := m.get(at + query).want(http.StatusOK)
			p.says(".fates .step", "Events")
			if got := strings.TrimSpace(p.Find(".fates .step a").First().Text()); got != want {
				t.Errorf("%q counts %s events, want %s", query, got, want)
			}
		}
	})
}

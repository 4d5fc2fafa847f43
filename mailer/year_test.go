//go:build !race

package mailer

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// A year of events of many people goes through the product itself: rules decide,
// letters leave or cannot, some are answered, reminders follow, later events
// withdraw, people stop the mails and take them again. The clock stands at each
// half hour of the year. plain_test.go goes through the same year in another way,
// and both must agree about every event, every turn and every letter.

// letterOf is a letter as both ways through the year tell it.
type letterOf struct {
	Rule   string
	Letter surveys.LetterKind
	Number int
	SendAt time.Time
	SentAt time.Time // zero for never
	State  surveys.InvitationState
}

func (l letterOf) equal(other letterOf) bool {
	return l.SendAt.Equal(other.SendAt) && l.SentAt.Equal(other.SentAt) && l.Rule == other.Rule && l.Letter == other.Letter && l.Number == other.Number && l.State == other.State
}

func compareLetters(a, b letterOf) int {
	return cmp.Or(a.SendAt.Compare(b.SendAt), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Letter, b.Letter), cmp.Compare(a.Number, b.Number), cmp.Compare(a.State, b.State))
}

// letterKey is what both ways call a letter.
type letterKey struct {
	person int
	rule   string
	origin string // see [origin]
	letter surveys.LetterKind
	number int
}

// lifeOf is what the product has stored of a year.
type lifeOf struct {
	letters map[int][]letterOf
	turns   map[turnOf]surveys.Outcome
	ids     map[letterKey]string
}

// stored reads what the product has stored.
func (sim *simulation) stored() lifeOf {
	ctx, result := sim.t.Context(), lifeOf{letters: make(map[int][]letterOf), turns: make(map[turnOf]surveys.Outcome), ids: make(map[letterKey]string)}
	places := make(map[string]int)
	for place, p := range sim.people {
		places[p.ID] = place
	}
	turns, err := sim.store.EventsOf(ctx, sim.workspace.ID, surveys.TurnEvent, yearStart(), nil)
	if err != nil {
		sim.t.Fatal(err)
	}
	origins := make(map[string]string)
	for part := range slices.Chunk(turns, 500) {
		ids := make([]string, len(part))
		for n, turn := range part {
			ids[n], origins[turn.ID] = turn.ID, turnID(turn.OccurredAt)
		}
		decisions, err := sim.store.Decisions(ctx, sim.workspace.ID, ids)
		if err != nil {
			sim.t.Fatal(err)
		}
		for _, turn := range part {
			for _, d := range decisions[turn.ID] {
				result.turns[turnOf{places[turn.PersonID], d.RuleID, turn.OccurredAt}] = d.Outcome
			}
		}
	}
	for place, p := range sim.people {
		list, err := sim.store.PersonInvitations(ctx, sim.workspace.ID, p.ID, 1000)
		if err != nil {
			sim.t.Fatal(err)
		}
		for _, i := range list {
			l := letterOf{Rule: i.RuleID, Letter: i.Letter, Number: i.Number, SendAt: i.SendAt, State: i.State}
			if i.SentAt != nil {
				l.SentAt = *i.SentAt
			}
			result.letters[place] = append(result.letters[place], l)
			result.ids[letterKey{place, i.RuleID, cmp.Or(origins[i.EventID], i.EventID), i.Letter, i.Number}] = i.ID
		}
		slices.SortFunc(result.letters[place], compareLetters)
	}
	return result
}

// seen counts what a year had.
type seen map[string]int

// compare tells where the two ways through a year differ, and counts what it saw.
func (sim *simulation) compare(year []lived, got lifeOf, want plainYear) seen {
	t, met := sim.t, want.met
	delete(met, "")
	for person, p := range sim.people {
		if !slices.EqualFunc(got.letters[person], want.letters[person], letterOf.equal) {
			t.Errorf("person %d in %q:\n%s\nwant\n%s", person, p.TimeZone, sim.tell(got.letters[person]), sim.tell(want.letters[person]))
		}
		for _, l := range got.letters[person] {
			met[fmt.Sprint(l.Letter, " ", l.State)]++
			if sim.shares(person) != person && l.State == surveys.InvitationSent {
				met["shared"]++
			}
		}
	}
	met["listed"] = len(sim.listed)
	sim.diary.count(met)
	for n, l := range year {
		if !l.isEvent() {
			met[l.kind]++
		}
		for _, d := range l.received.Decisions {
			met[string(d.Outcome)]++
			met[d.RuleName+" "+string(d.Outcome)]++
		}
		if l.occurred.Before(l.at) {
			met["heard of late"]++
		}
		if fmt.Sprint(outcomes(l.received.Decisions)) != fmt.Sprint(want.outcomes[n]) {
			t.Errorf("%s of person %d at %s (%s): %v, want %v", l.kind, l.person, l.at, l.occurred, outcomes(l.received.Decisions), want.outcomes[n])
		}
	}
	for turn, outcome := range want.turns {
		if got.turns[turn] != outcome {
			t.Errorf("the turn of person %d at %s: %q, want %s", turn.person, turn.at, got.turns[turn], outcome)
		}
		met["turn "+string(outcome)]++
	}
	if len(got.turns) != len(want.turns) {
		t.Errorf("%d turns, want %d", len(got.turns), len(want.turns))
	}
	return met
}

// tell writes letters one on a line.
func (sim *simulation) tell(list []letterOf) string {
	text := ""
	for _, l := range list {
		name := sim.rules[slices.IndexFunc(sim.rules, func(r surveys.Rule) bool { return r.ID == l.Rule })].Name
		text += fmt.Sprintf("  %s %s %d %s at %s", name, l.Letter, l.Number, l.State, l.SendAt.UTC().Format(time.DateTime))
		if !l.SentAt.IsZero() {
			text += ", sent " + l.SentAt.UTC().Format(time.DateTime)
		}
		text += "\n"
	}
	return text
}

func outcomes(list []surveys.Decision) []surveys.Outcome {
	var all []surveys.Outcome
	for _, d := range list {
		all = append(all, d.Outcome)
	}
	return all
}

func TestAYearAgreesWithAPlainOne(t *testing.T) {
	t.Parallel()
	var together sync.Mutex
	all := make(seen)
	t.Run("worlds", func(t *testing.T) {
		for _, year := range []struct {
			name    string
			dialect store.Dialect
			setting
		}{
			{"sqlite one", store.SQLite, setting{people: 4_600}}, // two halves, since there are two processors
			{"sqlite two", store.SQLite, setting{people: 4_400}},
			{"sqlite with turns", store.SQLite, setting{people: 1_000, turns: true}},
			{"postgres with turns", store.Postgres, setting{people: 300, turns: true}},
		} {
			t.Run(year.name, func(t *testing.T) {
				t.Parallel()
				clock := storetest.NewClock()
				clock.Advance(yearStart().Sub(clock.Now()))
				sim := newSimulation(newOffice(t, storetest.OpenAt(t, year.dialect, clock.Now)), clock, year.setting)
				happened := sim.live()
				stored := sim.stored()
				met := sim.compare(happened, stored, sim.plain(happened, stored.ids))
				t.Logf("%d happenings of %d people: %v", len(happened), year.people, met)
				together.Lock()
				defer together.Unlock()
				for outcome, n := range met {
					all[outcome] += n
				}
			})
		}
	})
	for _, wanted := range wanted() {
		if all[wanted] == 0 && !t.Failed() {
			t.Errorf("the year has no %s: it proves nothing about it", wanted)
		}
	}
}

// wanted is what a year must have had.
func wanted() []string {
	return []string{
		"scheduled", "deferred", "capped", "rule_paused", "survey_not_open", "condition_failed", "condition_false", "too_old", "no_time",
		"no_address", "bounced", "unsubscribed", "held_out", "sampled_out", "withdrawn", "withdrew",
		"invitation sent", "invitation cancelled", "invitation suppressed", "invitation failed", "invitation expired", "invitation unknown",
		"reminder sent", "reminder cancelled", "reminder suppressed", "reminder failed", "thanks sent",
		"sent after an outage", "sent after a refusal", "sent after a doubt", "shared", "heard of late",
		"waits for a pause", "link is over", "reminder of an answered question", "another goes first",
		"reminder of a question answered on a page", "waits for the hours", "given up as too early", "held back as too early",
		"reminder too many",
		"Newcomers scheduled", "Newcomers condition_false", "Comebacks scheduled", "Comebacks condition_false",
		pageAnswered, unsubscribed, stopsSurvey, comesBack, teamStops, teamLifts,
		"listed", "turn scheduled", "turn deferred", "turn unsubscribed", "turn no_address", "turn bounced",
	}
}

// Package northwind makes the demo's year: Northwind Coffee, a made-up shop
// with subscriptions, whose customers ordered, complained, were asked and
// answered for a year until now. In the data's way it stands for all that came
// before the first event that a visitor of the demo sends: the same rules
// decide (surveys.Rule.Decide), the same rows follow, and the rollups count
// them, but the history goes in at once through store.Load.
//
// The year tells stories that a report should find: one real fall of the NPS
// that comes from subscribers alone, one apparent fall that is only a change
// of who answered, a steady satisfaction, an effort that gets slowly better,
// quiet weeks and empty days. [Story] says where they are.
package northwind

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Story is what happened at Northwind Coffee, for the demo to print and for
// tests to check. Days are as [surveys.Day] counts them, in the workspace's
// zone.
type Story struct {
	Workspace surveys.Workspace
	User      surveys.User // the owner, who has no password: a one-time link signs in
	NPS       surveys.Survey
	CES       surveys.Survey
	CSAT      surveys.Survey
	Order     surveys.Rule // order_completed → NPS
	Delivery  surveys.Rule // order_delivered → CSAT
	Ticket    surveys.Rule // ticket_solved → CES
	Yearly    surveys.Rule // a series that asks nobody yet → NPS
	Year      Span         // the first day, and the day after today
	Linked    int          // the day from which every event has its rule's decision; what is older was imported
	Drop      int          // a Monday: from here on subscribers score lower, since another courier brings their parcels
	Gifts     Span         // the campaign whose many gift customers, who always score lower, pull the score down
	Quiet     Span         // a fortnight with almost nothing: the roastery moved
	Empty     []int        // days without any answer: the site was down
	Counts    Counts
}

// Span is a number of days: From inclusive, To exclusive.
type Span struct{ From, To int }

// Has reports whether the day is in the span.
func (s Span) Has(day int) bool { return day >= s.From && day < s.To }

// Counts says how much was stored.
type Counts struct {
	People, Events, Decisions, Invitations, Responses, Comments int

	Due int // invitations that are due within the first minute
}

// Fill stores the year that ends at now in an empty, migrated store, and
// refuses one that has a workspace. The same
// now gives the same year to the byte, but for the keys and the secret, which
// are the store's own chance.
func Fill(ctx context.Context, s *store.Store, now time.Time) (Story, error) {
	now = now.UTC().Truncate(time.Microsecond)
	if there, err := s.Workspaces(ctx); err != nil || len(there) > 0 {
		if err == nil {
			err = fmt.Errorf("the store is not empty: it has the workspace %q", there[0].Name)
		}
		return Story{}, err
	}
	story, err := openShop(s, now)
	if err != nil {
		return story, fmt.Errorf("open the shop: %w", err)
	}
	y := newYear(story, now, rand.New(rand.NewPCG(uint64(story.Year.To), 0x6e6f727468)))
	wanted, err := themes.StarterSet(themes.Commerce, story.Workspace.Locale)
	if err != nil {
		return story, fmt.Errorf("choose what to look for in comments: %w", err)
	}
	if err := s.InTx(ctx, func(tx *store.Tx) error {
		if err := storeShop(ctx, tx, story); err != nil {
			return err
		}
		if err := storeNotes(ctx, tx, story); err != nil {
			return err
		}
		return tx.SetThemes(ctx, story.Workspace.ID, wanted) // the job that reads comments does the rest
	}); err != nil {
		return story, fmt.Errorf("store the shop: %w", err)
	}
	if err := s.Load(ctx, story.Workspace, y.batches()); err != nil {
		return story, fmt.Errorf("store the year: %w", err)
	}
	if err := s.InTx(ctx, func(tx *store.Tx) error { return storeLeaving(ctx, tx, s.Random(), story, now, y.leavers) }); err != nil {
		return story, fmt.Errorf("store who left: %w", err)
	}
	story.Counts = y.counts
	return story, nil
}

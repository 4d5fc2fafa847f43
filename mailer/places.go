package mailer

import (
	"context"
	"fmt"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// staleAfter is how long a letter keeps the place that it waited for. Those that
// come much later than theirs, as after an outage, would all leave at once.
const staleAfter = time.Minute

// atPlace reports whether a letter comes at the place that it waited for.
func atPlace(i surveys.Invitation, now time.Time) bool {
	return i.Problem == surveys.StreamPaced(surveys.ReceiverOf(i.Email)).String() && now.Sub(i.SendAt) < staleAfter
}

// space gives the letters to groups of receivers that get so many a minute their
// places, which all processes take from one row. Those whose place is soon leave
// now; it returns the moves of the others, which are put off to theirs. Letters are
// spaced last, when nothing else stands against them, so that no place is lost.
func (b *batch) space(letters []*prepared) (now []*prepared, late []store.Move, err error) {
	wanted := make(map[surveys.Receiver][]int) // the letters' numbers
	at := b.Store.Now()
	for n, l := range letters {
		if receiver := surveys.ReceiverOf(l.invitation.Email); b.gaps[receiver] > 0 && !atPlace(l.invitation, at) {
			wanted[receiver] = append(wanted[receiver], n)
		}
	}
	if len(wanted) == 0 {
		return letters, nil, nil
	}
	places := make([]time.Time, len(letters))
	err = b.Store.InTx(b.ctx, func(tx *store.Tx) error {
		for _, receiver := range surveys.Receivers() { // the one order of all processes
			list := wanted[receiver]
			if len(list) == 0 {
				continue
			}
			from, gap, err := tx.TakePlaces(b.ctx, b.workspace.ID, receiver, len(list))
			if err != nil {
				return err
			}
			for n, letter := range list {
				places[letter] = from.Add(time.Duration(n) * gap)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("give letters their places: %w", err)
	}
	for n, l := range letters {
		if places[n].Sub(at) <= b.Interval {
			now = append(now, l)
			continue
		}
		b.warm.putBack(l.invitation)
		why := surveys.StreamPaced(surveys.ReceiverOf(l.invitation.Email)).String()
		late = append(late, b.against(l.invitation, outlook{against: Postponed, until: places[n], why: why}))
	}
	return now, late, nil
}

// putBack gives a place in the day's plan back before the letter was tried.
func (w *warmth) putBack(i surveys.Invitation) {
	if w.used[i.ID] {
		delete(w.used, i.ID)
		w.left[surveys.ReceiverOf(i.Email)]++
	}
}

// learnPaces learns how many letters each group of receivers gets.
func (b *batch) learnPaces(ctx context.Context) error {
	paces, err := b.Store.ReceiverPaces(ctx, b.workspace.ID)
	b.gaps = make(map[surveys.Receiver]time.Duration, len(paces))
	for _, p := range paces {
		b.gaps[p.Receiver] = p.Gap()
	}
	return err
}

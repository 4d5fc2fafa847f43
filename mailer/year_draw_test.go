//go:build !race

package mailer

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// draw draws one person's year.
type draw struct {
	*simulation
	r      *rand.Rand
	person int
}

// year is what happens to a person: some orders, deliveries and tickets, of which
// some come to nothing; now and then a dozen in one month.
func (d *draw) year() {
	stories := []int{0, 0, 0, 1, 1, 2, 2, 3}
	if !d.setting.turns { // there are many, and nobody's turn comes besides
		stories = []int{0, 0, 0, 1, 1, 2}
	}
	for range stories[d.r.IntN(len(stories))] {
		d.story(d.when())
	}
	if d.r.IntN(18) == 0 {
		month := d.when()
		for range 12 {
			d.story(d.after(month, 28*day))
		}
	}
	if d.r.IntN(3) == 0 {
		at := d.when()
		if n := len(d.events) - 1; n >= 0 && d.events[n].person == d.person && d.r.IntN(2) == 0 {
			at = d.after(d.events[n].at, 10*day) // while something may be asked
		}
		d.happen(happening{at: at, kind: pageAnswered, survey: d.r.IntN(3)})
	}
	if d.people[d.person].Email != "" {
		d.wish()
	}
}

// when is a time of the year that leaves some weeks for what follows.
func (d *draw) when() time.Time { return d.after(yearStart(), 330*day) }

// after is a time up to some days later: mostly at one of eight times of a day, so
// that much happens at once.
func (d *draw) after(at time.Time, most time.Duration) time.Time {
	at = at.Add(time.Duration(1+d.r.IntN(int(most/tick))) * tick)
	if d.r.IntN(6) > 0 {
		at = at.Truncate(3 * time.Hour).Add(3 * time.Hour)
	}
	return at
}

func (d *draw) happen(h happening) {
	h.person = d.person
	if h.occurred.IsZero() {
		h.occurred = h.at
	}
	d.events = append(d.events, h)
}

// event is one that some hear of late, a few of them too late.
func (d *draw) event(at time.Time, kind string, properties map[string]any) {
	h := happening{at: at, occurred: at, kind: kind, properties: properties}
	switch d.r.IntN(40) {
	case 0:
		h.at = d.after(at, 40*day)
	case 1, 2, 3, 4, 5:
		h.at = d.after(at, 4*day)
	}
	d.happen(h)
}

// story is an order, a ticket or a delivery, with what becomes of it.
func (d *draw) story(at time.Time) {
	id := fmt.Sprintf("%d-%d", d.person, len(d.events))
	switch d.r.IntN(3) {
	case 0:
		d.event(at, "order_completed", map[string]any{"order": id})
		if d.r.IntN(4) == 0 {
			d.event(d.after(at, 6*day), "order_refunded", map[string]any{"order": id})
		}
	case 1:
		d.event(at, "ticket_solved", map[string]any{"ticket": id})
		if d.r.IntN(3) == 0 {
			d.event(d.after(at, 2*day), "ticket_reopened", map[string]any{"ticket": id})
		}
	case 2:
		properties := map[string]any{"total": float64(20 + d.r.IntN(100)), "delivered_at": d.after(at, 9*day).Format(time.RFC3339)}
		switch d.r.IntN(12) {
		case 0:
			delete(properties, "delivered_at")
		case 1:
			properties["total"] = "many"
		}
		d.event(at, "order_shipped", properties)
	}
}

// wish is what some want of the mails: none, none of one survey, or mails again;
// and for some the team wants none.
func (d *draw) wish() {
	at, survey := d.when(), d.r.IntN(3)
	stop, lift := "", comesBack
	switch d.r.IntN(20) {
	case 0:
		stop = unsubscribed
	case 1:
		stop = stopsSurvey
	case 2:
		stop, lift = teamStops, teamLifts
	default:
		return
	}
	d.happen(happening{at: at, kind: stop, survey: survey})
	if d.r.IntN(3) == 0 { // and another way as well
		d.happen(happening{at: d.after(at, 20*day), kind: []string{unsubscribed, stopsSurvey, teamStops}[d.r.IntN(3)], survey: survey})
	}
	if d.r.IntN(2) == 0 {
		d.happen(happening{at: d.after(at, 60*day), kind: lift, survey: survey})
	}
}

package surveys

import (
	"cmp"
	"slices"
	"time"
)

// Leaving is what stands in the way of a letter at the moment when it would
// leave; its zero value is nothing.
type Leaving struct {
	Drop  bool      // it never may leave
	Until time.Time // it may not leave before; zero for now
	Why   string    // a stored [Problem]
}

// Leave looks once more at a letter that is due at now. Its limits were kept when
// it was planned, but it may have been held up since, by an outage or a pause, and
// the person may have answered elsewhere. f.Asks are what else has left or was
// answered up to now. What is planned for later looks back at this letter in turn;
// a letter that has to wait keeps away from it. Of f it reads Event, Person, Survey,
// Zone, Holidays, Caps and Asks.
func (r Rule) Leave(i Invitation, f Facts, planned []Ask, now time.Time) Leaving {
	r = r.Filled()
	var limit limits
	var waits func(until time.Time) bool
	switch i.Letter {
	case LetterThanks:
		return Leaving{}
	case LetterReminder:
		if answeredElsewhere(i, f.Asks) {
			return Leaving{Drop: true, Why: Problem{Code: "reminder_answered"}.String()}
		}
		waits = func(until time.Time) bool { return until.Before(i.ExpiresAt) }
	default:
		limit = limits{caps: f.Caps, survey: f.Survey, rule: r}
		waits = func(until time.Time) bool {
			return r.WhenCapped == CapDefer && (r.Trigger != TriggerEvent || until.Sub(r.first(i, f)) <= MaxDefer)
		}
	}
	free, by := limit.free(now, f.Asks)
	if by == "" {
		return Leaving{}
	}
	why := limit.problem(by).String()
	f.Asks = slices.Concat(f.Asks, planned)
	until, _, open := r.earliest(now, limit, f)
	if !open || !waits(until) && free.Sub(now) > lateness {
		return Leaving{Drop: true, Why: why}
	}
	return Leaving{Until: until, Why: why}
}

// first is when an invitation would have left, were there no limit and no pause. Where
// the field that its delay counts from is gone, it is when it is due.
func (r Rule) first(i Invitation, f Facts) time.Time {
	base, problem := r.base(f, i.CreatedAt)
	if problem != "" {
		return i.SendAt
	}
	at, _ := r.Window.Next(later(base, i.CreatedAt), cmp.Or(f.Zone, time.UTC), f.Holidays)
	return at
}

// lateness is how much later than planned letters leave on an ordinary day: what
// comes too early by less than that only waits.
const lateness = time.Hour

// answeredElsewhere reports whether the reminder's survey was answered without its
// link since the letter before it left, which is when it was planned.
func answeredElsewhere(i Invitation, asks []Ask) bool {
	return slices.ContainsFunc(asks, func(ask Ask) bool {
		return ask.Answered && ask.SurveyID == i.SurveyID && !ask.At.Before(i.CreatedAt)
	})
}

package surveys

import (
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
// answered up to now: what is still planned looks back at this letter in turn. Of
// f it reads Survey, Zone, Holidays, Caps and Asks.
func (r Rule) Leave(i Invitation, f Facts, now time.Time) Leaving {
	switch i.Letter {
	case LetterThanks:
		return Leaving{}
	case LetterReminder:
		if answeredElsewhere(i, f.Asks) {
			return Leaving{Drop: true, Why: Problem{Code: "reminder_answered"}.String()}
		}
		return r.leave(limits{}, f, now, func(at time.Time) bool { return at.Before(i.ExpiresAt) })
	default:
		return r.leave(limits{caps: f.Caps, survey: f.Survey, rule: r}, f, now, func(at time.Time) bool {
			return r.WhenCapped == CapDefer && (r.Trigger != TriggerEvent || at.Sub(now) <= MaxDefer)
		})
	}
}

// answeredElsewhere reports whether the reminder's survey was answered without its
// link since the letter before it left, which is when it was planned.
func answeredElsewhere(i Invitation, asks []Ask) bool {
	return slices.ContainsFunc(asks, func(ask Ask) bool {
		return ask.Answered && ask.SurveyID == i.SurveyID && !ask.At.Before(i.CreatedAt)
	})
}

// leave finds when the limits let a letter leave, and whether it may wait so long.
func (r Rule) leave(limit limits, f Facts, now time.Time, waits func(time.Time) bool) Leaving {
	if _, by := limit.free(now, f.Asks); by == "" {
		return Leaving{}
	}
	at, by, open := r.earliest(now, limit, f)
	leaving := Leaving{Until: at, Why: limit.problem(by).String()}
	if !open || !waits(at) {
		leaving = Leaving{Drop: true, Why: leaving.Why}
	}
	return leaving
}

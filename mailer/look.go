package mailer

import (
	"fmt"
	"reflect"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// facts are what a batch's letters speak of and what may stand against them,
// looked up for all of them at once.
type facts struct {
	people   map[string]surveys.Person
	events   map[string]surveys.Event
	about    map[string]surveys.Invitation // what reminders and thank-yous belong to
	unwanted store.Unwanted
	letters  map[string]store.Letter // the bytes of earlier tries, by invitation
	left     map[string][]store.Left // what has left to each person, and what is due or planned as well
	surveys  map[string]surveys.Survey
	texts    map[surveys.LetterKey]map[string]surveys.LetterTexts
	editions map[editionKey]*Edition
	zones    map[string]*time.Location // by their names
}

// gather looks up the facts of all that was claimed.
func (b *batch) gather() (err error) {
	var all, people, events, about, emails []string
	for _, list := range [][]surveys.Invitation{b.claims.due, b.claims.again} {
		for _, i := range list {
			all, people, events, emails = append(all, i.ID), append(people, i.PersonID), append(events, i.EventID), append(emails, i.Email)
			if i.AboutID != "" {
				about = append(about, i.AboutID)
			}
		}
	}
	f, ws := &b.facts, b.workspace.ID
	f.editions, f.zones = make(map[editionKey]*Edition), make(map[string]*time.Location)
	f.surveys, f.texts = make(map[string]surveys.Survey), make(map[surveys.LetterKey]map[string]surveys.LetterTexts)
	if f.people, err = b.Store.PeopleByID(b.work, ws, people); err != nil {
		return fmt.Errorf("find whom to write to: %w", err)
	}
	if f.events, err = b.Store.EventsByID(b.work, ws, events); err != nil {
		return fmt.Errorf("find why they are asked: %w", err)
	}
	if f.about, err = b.Store.InvitationsByID(b.work, ws, about); err != nil {
		return fmt.Errorf("find what letters follow: %w", err)
	}
	if f.unwanted, err = b.Store.Unwanted(b.work, b.workspace, emails); err != nil {
		return fmt.Errorf("find who wants no mail: %w", err)
	}
	if err = b.gatherLeft(); err != nil {
		return fmt.Errorf("find what has left: %w", err)
	}
	if f.letters, err = b.Store.Letters(b.work, ws, all); err != nil {
		return fmt.Errorf("find the bytes of earlier tries: %w", err)
	}
	return nil
}

// look asks whether a letter should be sent. What is withdrawn after it is no
// longer claimed when its lane begins.
func (b *batch) look(i surveys.Invitation) (outlook, error) {
	now := b.Store.Now()
	if i.Open(now) != nil {
		return outlook{against: Expired}, nil
	}
	if b.facts.unwanted.Has(i.Email, i.SurveyID) {
		return outlook{against: Suppressed}, nil
	}
	survey, err := b.survey(i.SurveyID)
	switch {
	case surveys.KindOf(err) == surveys.NotFound:
		return outlook{against: Cancelled}, nil
	case err != nil:
		return outlook{}, err
	case survey.Status == surveys.SurveyPaused && (survey.ClosesAt == nil || now.Before(*survey.ClosesAt)):
		return outlook{against: Postponed, until: now.Add(pausedDelay)}, nil
	case survey.Open(now) != nil:
		return outlook{against: Cancelled}, nil
	}
	if until, why := b.breaker.resting(b.workspace.ID, i.Email, now, probeWait); !until.IsZero() {
		return outlook{against: Postponed, until: until, why: why}, nil
	}
	person, known := b.facts.people[i.PersonID]
	if !known {
		return outlook{against: Cancelled}, nil // erased since it was claimed, and its invitation with them
	}
	if i.Letter == surveys.LetterReminder {
		if about, known := b.facts.about[i.AboutID]; !known || about.AnsweredAt != nil {
			return outlook{against: Cancelled, why: surveys.Problem{Code: "reminder_answered"}.String()}, nil
		}
	}
	if held := b.hold(i, person, survey, now); held.against != "" {
		return held, nil
	}
	if until := b.opens(i, person, now); until.After(now) {
		return outlook{against: Postponed, until: until}, nil
	}
	if late := b.paced(i, now); late.against != "" {
		return late, nil
	}
	return outlook{survey: survey}, nil
}

// opens is when the person's window is open for a letter that was put off: by
// an outage, a paused survey, or a mail server that refused it for now.
func (b *batch) opens(i surveys.Invitation, person surveys.Person, now time.Time) time.Time {
	rule, known := b.rules[i.RuleID]
	if !known || rule.Window == surveys.AnyTime() && len(b.workspace.Holidays) == 0 || i.Letter == surveys.LetterThanks {
		return now
	}
	if next, open := rule.Window.Next(now, b.zone(person), b.workspace.Holidays); open {
		return next
	}
	return now
}

// zone is a person's, read once for all who live in it: a zone's table takes
// longer to read than all else that is looked at.
func (b *batch) zone(p surveys.Person) *time.Location {
	zone, known := b.facts.zones[p.TimeZone]
	if !known {
		zone = surveys.ZoneOf(p, b.workspace)
		b.facts.zones[p.TimeZone] = zone
	}
	return zone
}

// survey returns a survey as it was when the batch first needed it.
func (b *batch) survey(id string) (surveys.Survey, error) {
	if survey, known := b.facts.surveys[id]; known {
		return survey, nil
	}
	survey, err := b.Store.Survey(b.work, b.workspace.ID, id)
	if err == nil {
		b.facts.surveys[id] = survey
	}
	return survey, err
}

// words returns the team's own words of a letter as they were when the batch
// first needed them.
func (b *batch) words(key surveys.LetterKey) (map[string]surveys.LetterTexts, error) {
	if texts, known := b.facts.texts[key]; known {
		return texts, nil
	}
	texts, err := b.Store.LetterTexts(b.work, b.workspace.ID, key)
	if err == nil {
		b.facts.texts[key] = texts
	}
	return texts, err
}

// asking gathers what a letter speaks of.
func (b *batch) asking(i surveys.Invitation, survey surveys.Survey) (Asking, error) {
	asking := Asking{From: b.leaves.Identity, Sheet: b.sheet, Invitation: i, Workspace: b.workspace, Survey: survey, Person: b.facts.people[i.PersonID], CapDays: b.capDays}
	if event, known := b.facts.events[i.EventID]; known {
		asking.EventType, asking.Properties = event.Type, event.Properties
	}
	var err error
	if asking.Texts, err = b.words(surveys.LetterOf(i)); err != nil {
		return Asking{}, fmt.Errorf("find the team's own words: %w", err)
	}
	if i.Letter == surveys.LetterThanks {
		if err := b.answered(&asking); err != nil {
			return Asking{}, err
		}
	}
	asking.Edition = b.edition(asking)
	return asking, nil
}

// editionKey names what letters share.
type editionKey struct {
	surveyID string
	letter   surveys.LetterKey
}

// edition is what an earlier batch of the pass has made of the same letter, as
// long as nothing of it has changed since.
func (b *batch) edition(a Asking) *Edition {
	key := editionKey{surveyID: a.Survey.ID, letter: surveys.LetterOf(a.Invitation)}
	if edition, known := b.facts.editions[key]; known {
		return edition
	}
	same := Asking{From: a.From, Workspace: a.Workspace, Survey: a.Survey, CapDays: a.CapDays, Texts: a.Texts, Links: b.rules[a.Invitation.RuleID].Thanks.Links}
	printed := b.printed[key]
	if printed.edition == nil || !reflect.DeepEqual(printed.of, same) {
		printed.of, printed.edition = same, new(Edition)
		b.printed[key] = printed
	}
	b.facts.editions[key] = printed.edition
	return printed.edition
}

// answered adds what a thank-you thanks for. An answer that is gone since is
// thanked for without a word about it.
func (b *batch) answered(a *Asking) error {
	answer, err := b.Store.Response(b.work, b.workspace.ID, b.facts.about[a.Invitation.AboutID].ResponseID)
	switch {
	case err == nil:
		a.Answer, a.Links = &answer, b.rules[a.Invitation.RuleID].Thanks.Links
	case surveys.KindOf(err) != surveys.NotFound:
		return fmt.Errorf("find the answer: %w", err)
	}
	return nil
}

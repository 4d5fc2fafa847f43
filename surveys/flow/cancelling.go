package flow

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Cancelling asks people why they cancel, and keeps what they say and choose. It
// cancels nothing.
type Cancelling struct {
	store      *store.Store
	directory  *Directory
	answers    *Answers
	conditions conditions
}

// NewCancelling makes the way through cancellation flows.
func NewCancelling(s *store.Store, d *Directory, a *Answers) *Cancelling {
	return &Cancelling{store: s, directory: d, answers: a}
}

// Find returns the flow of a public link.
func (c *Cancelling) Find(ctx context.Context, publicID string) (Office, surveys.CancelFlow, error) {
	workspaceKey, key, ok := surveys.SplitPublicID(publicID)
	if !ok {
		return Office{}, surveys.CancelFlow{}, surveys.Fail(surveys.NotFound, "survey_unknown")
	}
	w, err := c.directory.Workspace(ctx, workspaceKey)
	if err != nil {
		return Office{}, surveys.CancelFlow{}, err
	}
	f, err := c.store.CancelFlowByKey(ctx, w.ID, key)
	return w, f, err
}

// CancelStep is a page of a flow.
type CancelStep string

// The steps, in their order; the last three end a flow.
const (
	StepReason   CancelStep = "reason"
	StepAsk      CancelStep = "ask"     // the question that follows from the reason
	StepOffer    CancelStep = "offer"   // where one fits
	StepConfirm  CancelStep = "confirm" // with the score, where one is asked
	StepLeft     CancelStep = "left"    // on to the page that cancels
	StepKept     CancelStep = "kept"
	StepAccepted CancelStep = "accepted" // kept, by an offer
)

// CancelDeed is which button was pressed.
type CancelDeed string

// The deeds. Anything else is as CancelNext.
const (
	CancelNext    CancelDeed = "next"
	CancelNow     CancelDeed = "now"
	CancelKeep    CancelDeed = "keep"
	CancelAccept  CancelDeed = "accept"
	CancelDecline CancelDeed = "decline"
)

// CancelTold is what somebody says at a step.
type CancelTold struct {
	Step    CancelStep
	Deed    CancelDeed
	Reason  string
	Comment string
	Score   *Given // to the flow's survey; nil for none
	Locale  string
	Fields  map[string]string // what the page's address carried
}

// Tell stores what was said at a step and returns the next one. It is Invalid at the
// first step without a reason, unless somebody leaves or stays. An error beside a
// cancellation with an id says that the score alone could not be stored.
func (c *Cancelling) Tell(ctx context.Context, w Office, f surveys.CancelFlow, by Visitor, told CancelTold) (surveys.Cancellation, CancelStep, error) {
	if err := told.check(f); err != nil {
		return surveys.Cancellation{}, StepReason, err
	}
	fresh, err := c.fresh(ctx, w, f, by, told)
	if err != nil {
		return surveys.Cancellation{}, told.Step, err
	}
	var stored surveys.Cancellation
	var next CancelStep
	err = c.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if stored, err = tx.BeginCancellation(ctx, fresh, by.Way(told.Fields)); err != nil {
			return err
		}
		if stored.PersonID == "" {
			stored.PersonID = fresh.PersonID
		}
		before := stored
		stored.Locale, stored.UpdatedAt = told.Locale, tx.Now()
		stored, next = told.goOn(stored, f, by, tx.Now())
		if err := tx.UpdateCancellation(ctx, stored); err != nil {
			return err
		}
		return c.spareMail(ctx, tx, w.Workspace, before, stored)
	})
	if err != nil {
		return surveys.Cancellation{}, told.Step, err
	}
	return stored, next, c.score(ctx, w, f, by, told.Score)
}

// spareMail takes back the letters that would ask by mail what somebody has said now.
func (c *Cancelling) spareMail(ctx context.Context, tx *store.Tx, w surveys.Workspace, before, now surveys.Cancellation) error {
	if now.Lost == surveys.NotLost || before.Reason != "" || now.Reason == "" || now.PersonID == "" {
		return nil
	}
	person, err := tx.Person(ctx, w.ID, now.PersonID)
	if err != nil {
		return err
	}
	rules, err := tx.Rules(ctx, w.ID)
	if err != nil {
		return err
	}
	told := conclusion{tx: tx, conditions: &c.conditions, w: w, person: person}
	return told.takeBack(ctx, slices.DeleteFunc(rules, func(rule surveys.Rule) bool { return rule.Archived() || !c.conditions.asksOfLeaving(rule) }))
}

// Rehearse is Tell for somebody who tries the flow: it stores nothing, and every offer is
// made whom it fits. Said is the reason that was told before.
func (c *Cancelling) Rehearse(f surveys.CancelFlow, by Visitor, said string, told CancelTold) (surveys.Cancellation, CancelStep, error) {
	if err := told.check(f); err != nil {
		return surveys.Cancellation{}, StepReason, err
	}
	f.HoldOut, f.Offers = 0, slices.Clone(f.Offers)
	for i := range f.Offers {
		f.Offers[i].Share = 0
	}
	way := surveys.Cancellation{Reason: said, Fields: told.Fields}
	if told.Step == StepOffer {
		way = offered(way, f, by)
	}
	way, next := told.goOn(way, f, by, c.store.Now())
	return way, next, nil
}

// check reports that the first step needs a reason, unless somebody leaves or stays.
func (t CancelTold) check(f surveys.CancelFlow) error {
	if _, known := f.Reason(t.Reason); t.Step != StepReason || known || t.Deed == CancelNow || t.Deed == CancelKeep {
		return nil
	}
	return surveys.Wrong(surveys.FieldError{Path: "reason", Code: "required"})
}

// goOn is the cancellation with what was told, and the step that follows.
func (t CancelTold) goOn(c surveys.Cancellation, f surveys.CancelFlow, by Visitor, now time.Time) (surveys.Cancellation, CancelStep) {
	reason, known := f.Reason(t.Reason)
	if t.Step == StepReason && known && c.Reason != t.Reason {
		c.Reason, c.Comment = t.Reason, "" // what was said of another one
		if c.Offer == surveys.OfferMade || c.Offer == surveys.OfferHeld {
			c.Offer, c.OfferID = surveys.OfferNone, ""
		}
	}
	if t.Step == StepAsk {
		c.Comment = t.Comment
	}
	c = choose(c, t.Deed, now)
	if next := ended(c, t.Deed); next != "" {
		return c, next
	}
	return onwards(c, f, reason, by, t.Step)
}

// fresh is a cancellation that begins now.
func (c *Cancelling) fresh(ctx context.Context, w Office, f surveys.CancelFlow, by Visitor, told CancelTold) (surveys.Cancellation, error) {
	id, err := c.store.NewID()
	if err != nil {
		return surveys.Cancellation{}, err
	}
	now := c.store.Now()
	fresh := surveys.Cancellation{WorkspaceID: w.ID, ID: id, FlowID: f.ID, Locale: told.Locale, Fields: told.Fields, StartedAt: now, UpdatedAt: now}
	r := surveys.Response{Channel: surveys.ChannelCancel, Fields: told.Fields}
	var traits map[string]any
	if by.Person != nil {
		fresh.PersonID, traits = by.Person.ID, by.Person.Traits
	}
	segments := surveys.SegmentsOf(r, w.Segments, traits, r.FieldSource())
	delete(segments, surveys.SegmentChannel)
	delete(segments, surveys.SegmentVersion)
	fresh.Segments, err = c.answers.segments.place(ctx, w.ID, segments)
	return fresh, err
}

// score stores the answer to the flow's survey. One that takes none now is passed over:
// it is not what somebody came for.
func (c *Cancelling) score(ctx context.Context, w Office, f surveys.CancelFlow, by Visitor, given *Given) error {
	if given == nil || f.ScoreSurveyID == "" {
		return nil
	}
	survey, err := c.directory.Survey(ctx, w.ID, f.ScoreSurveyID)
	if err != nil {
		return err
	}
	_, err = c.answers.answerPage(ctx, w, survey, by, given.response(surveys.ChannelCancel))
	if kind := surveys.KindOf(err); kind == surveys.Gone || kind == surveys.Invalid {
		return nil
	}
	return err
}

// choose is the cancellation once a button was pressed.
func choose(c surveys.Cancellation, deed CancelDeed, now time.Time) surveys.Cancellation {
	switch deed {
	case CancelNow:
		c.Choice, c.ChosenAt = surveys.CancelLeft, &now
		if c.Offer == surveys.OfferAccepted {
			c.Offer = surveys.OfferDeclined
		}
	case CancelKeep:
		c.Choice, c.ChosenAt = surveys.CancelKept, &now
	case CancelAccept:
		if c.Offer != surveys.OfferNone && c.Offer != surveys.OfferHeld {
			c.Offer, c.Choice, c.ChosenAt = surveys.OfferAccepted, surveys.CancelKept, &now
		}
	case CancelDecline:
		if c.Offer == surveys.OfferMade {
			c.Offer = surveys.OfferDeclined
		}
	}
	return c
}

// ended is the page at which somebody leaves the flow who pressed a button; "" while they
// are in it.
func ended(c surveys.Cancellation, deed CancelDeed) CancelStep {
	switch {
	case deed == CancelNow:
		return StepLeft
	case deed == CancelKeep:
		return StepKept
	case deed == CancelAccept && c.Offer == surveys.OfferAccepted:
		return StepAccepted
	}
	return ""
}

// onwards is the step after one, for which an offer may be made.
func onwards(c surveys.Cancellation, f surveys.CancelFlow, reason surveys.CancelReason, by Visitor, step CancelStep) (surveys.Cancellation, CancelStep) {
	switch step {
	case StepReason:
		if !reason.Quiet {
			return c, StepAsk
		}
		fallthrough
	case StepAsk:
		if c = offered(c, f, by); c.Offer == surveys.OfferMade {
			return c, StepOffer
		}
	}
	return c, StepConfirm
}

// offered is the cancellation with the offer that fits, made or held back.
func offered(c surveys.Cancellation, f surveys.CancelFlow, by Visitor) surveys.Cancellation {
	if c.Offer == surveys.OfferAccepted {
		return c
	}
	who := by.Page
	if by.Person != nil {
		who = by.Person.ID
	}
	before := c
	c.OfferID, c.Offer = "", surveys.OfferNone
	offer, held, found := f.OfferFor(c.Reason, who, func(key string) string { return knownOf(c, by, key) })
	switch {
	case found && before.Offer == surveys.OfferDeclined && before.OfferID == offer.ID:
		return before // it is made once
	case found && held:
		c.OfferID, c.Offer = offer.ID, surveys.OfferHeld
	case found:
		c.OfferID, c.Offer = offer.ID, surveys.OfferMade
	}
	return c
}

// knownOf is a trait of whoever cancels, as far as their company has signed it, or else
// what the page's address says.
func knownOf(c surveys.Cancellation, by Visitor, key string) string {
	if by.Person != nil {
		if text := surveys.TraitText(by.Person.Traits[key]); text != "" {
			return text
		}
	}
	return c.Fields[key]
}

package flow

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// How long a repeated submission is recognised.
const (
	formMemory = 30 * 24 * time.Hour // a page that is sent again
	apiMemory  = 24 * time.Hour      // an API call's Idempotency-Key

	personMemory = 24 * time.Hour // a known person's answer on a page
)

// Answers takes answers in, from wherever they come.
type Answers struct {
	store     *store.Store
	directory *Directory
	ingest    *store.Ingest
	segments  segmentPlaces
}

// NewAnswers makes the way in for answers.
func NewAnswers(s *store.Store, d *Directory, in *store.Ingest) *Answers {
	return &Answers{store: s, directory: d, ingest: in, segments: segmentPlaces{store: s}}
}

// Given is what a person says.
type Given struct {
	Score   int
	Comment string
	Locale  string
	Ratings map[string]int            `json:",omitempty"` // of the drivers; nil for none, which leaves those of an earlier answer
	Answers map[string]surveys.Answer `json:",omitempty"` // to the follow-ups, by their ids
	Fields  map[string]string         `json:",omitempty"` // what the page's address carried; what the survey does not declare is dropped
	Asked   []string                  `json:",omitempty"` // the follow-ups that the form asked, [surveys.MainComment] included; nil for all
	At      time.Time                 `json:"-"`          // when it was said, of a kiosk whose line was down; zero for now
	Knew    *time.Time                `json:"-"`          // see [surveys.Response]
	Said    time.Time                 `json:"-"`          // likewise
}

// response is what was said by a channel.
func (g Given) response(channel surveys.Channel) surveys.Response {
	return surveys.Response{
		Channel: channel, Score: g.Score, Comment: g.Comment, Locale: g.Locale, Ratings: g.Ratings,
		Answers: g.Answers, Fields: g.Fields, Asked: g.Asked, AnsweredAt: g.At, Knew: g.Knew, Said: g.Said,
	}
}

// Invited is an invitation that was opened by its link.
type Invited struct {
	Office     Office
	Survey     surveys.Survey
	Invitation surveys.Invitation
	Person     surveys.Person
}

// OpenInvitation returns what the token of a mail's link stands for. It is
// NotFound for a token of another purpose or workspace, and Gone, together
// with what was found, when the link or its survey takes no answers.
func (a *Answers) OpenInvitation(ctx context.Context, token surveys.Token) (Invited, error) {
	w, err := a.directory.Workspace(ctx, token.Workspace())
	if err != nil {
		return Invited{}, err
	}
	now := a.store.Now()
	// Expiry is the invitation's own affair, so that a late visitor reads that
	// the time is over rather than that the page does not exist.
	grant, err := a.store.Grant(ctx, w.ID, surveys.PurposeAnswer, token, now)
	if err != nil {
		return Invited{}, err
	}
	in := Invited{Office: w}
	if in.Invitation, err = a.store.Invitation(ctx, w.ID, grant.SubjectID); err != nil {
		return Invited{}, err
	}
	if in.Survey, err = a.directory.Survey(ctx, w.ID, in.Invitation.SurveyID); err != nil {
		return Invited{}, err
	}
	if in.Person, err = a.store.Person(ctx, w.ID, in.Invitation.PersonID); err != nil {
		return Invited{}, err
	}
	if err := in.Invitation.Open(now); err != nil {
		return in, err
	}
	return in, in.Survey.Open(now)
}

// AnswerInvitation stores the answer to an invitation, or changes it, whoever
// gave it; see [Answers.Weigh].
func (a *Answers) AnswerInvitation(ctx context.Context, in Invited, given Given) (store.Receipt, error) {
	r, sources, err := a.mailed(ctx, in, given)
	if err != nil {
		return store.Receipt{}, err
	}
	return a.submit(ctx, in.Office, in.Survey, store.Submission{Response: r}, sources...)
}

// mailed is the answer to an invitation, and what tells what it is counted under.
func (a *Answers) mailed(ctx context.Context, in Invited, given Given) (surveys.Response, []map[string]any, error) {
	var properties map[string]any
	event, err := a.store.Event(ctx, in.Office.ID, in.Invitation.EventID)
	switch {
	case err == nil:
		properties = event.Properties
	case surveys.KindOf(err) != surveys.NotFound:
		return surveys.Response{}, nil, err
	}
	r := given.response(surveys.ChannelMail)
	r.InvitationID, r.PersonID = in.Invitation.ID, in.Invitation.PersonID
	return r, []map[string]any{in.Person.Traits, properties}, nil
}

// AnswerLink stores an answer from a survey's public page. The same form sent
// again changes the answer instead of adding one; form is the random text that
// the page carried.
func (a *Answers) AnswerLink(ctx context.Context, w Office, survey surveys.Survey, form string, given Given) (store.Receipt, error) {
	return a.fromPage(ctx, w, survey, form, given.response(surveys.ChannelLink), given.Said)
}

// AnswerKiosk stores an answer from a survey's kiosk as [Answers.AnswerLink] does.
func (a *Answers) AnswerKiosk(ctx context.Context, w Office, survey surveys.Survey, form string, given Given) (store.Receipt, error) {
	return a.fromPage(ctx, w, survey, form, given.response(surveys.ChannelKiosk), given.At)
}

// AnswerEmbedded stores an answer from within another site's page as
// [Answers.AnswerLink] does. That of somebody who is known is theirs, and changes the
// one that they gave within a day, on whatever device.
func (a *Answers) AnswerEmbedded(ctx context.Context, w Office, survey surveys.Survey, by Visitor, given Given) (store.Receipt, error) {
	return a.answerPage(ctx, w, survey, by, given.response(surveys.ChannelEmbed))
}

func (a *Answers) answerPage(ctx context.Context, w Office, survey surveys.Survey, by Visitor, r surveys.Response) (store.Receipt, error) {
	if by.Person == nil {
		return a.fromPage(ctx, w, survey, by.Page, r, time.Time{})
	}
	if err := survey.Open(a.store.Now()); err != nil {
		return store.Receipt{}, err
	}
	r.PersonID = by.Person.ID
	once := &store.Once{Key: by.key(survey), Body: []byte{}, Repeat: store.Change, ExpiresAt: a.store.Now().Add(personMemory)}
	return a.submit(ctx, w, survey, store.Submission{Response: r, Once: once}, by.Person.Traits)
}

// Visitor is who answers within another site's page.
type Visitor struct {
	Page   string          // the text by which the browser is known again
	Person *surveys.Person // who it is, as the company's server signed; nil where nobody did
}

// Way is the text by which the visitor's way through a cancellation flow is known again:
// of two people at one browser each has their own, and of two subscriptions as well where
// the page's address tells them apart.
func (v Visitor) Way(fields map[string]string) string {
	way := v.Page
	if v.Person != nil {
		way += " " + v.Person.ID
	}
	if subscription := fields[surveys.FieldSubscription]; subscription != "" {
		way += fmt.Sprintf(" %q", subscription)
	}
	return way
}

// key is the idempotency key of the visitor's answers.
func (v Visitor) key(survey surveys.Survey) []byte {
	if v.Person == nil {
		return formKey(survey, v.Page)
	}
	return store.OnceKey("person on a page:"+survey.ID, v.Person.ID)
}

// fromPage stores what a page sent. What was said earlier than now, and waited on its
// device, counts though the survey has ended since.
func (a *Answers) fromPage(ctx context.Context, w Office, survey surveys.Survey, form string, r surveys.Response, said time.Time) (store.Receipt, error) {
	if now := a.store.Now(); said.IsZero() || said.After(now) {
		said = now
	}
	if err := survey.Open(said); err != nil {
		return store.Receipt{}, err
	}
	s := store.Submission{Response: r}
	if form != "" {
		s.Once = &store.Once{
			Key: formKey(survey, form), Body: []byte{}, Repeat: store.Change, ExpiresAt: a.store.Now().Add(formMemory),
		}
	}
	return a.submit(ctx, w, survey, s)
}

// Recorded is an answer that a program sends.
type Recorded struct {
	Given
	Person         *surveys.Person // nil for anonymous
	AnsweredAt     time.Time       // zero for now
	Properties     map[string]any  // for segments
	IdempotencyKey string          // "" for none
}

// Record stores an answer that a program sends. The same idempotency key again
// gets the first receipt; with another content it is a Conflict.
func (a *Answers) Record(ctx context.Context, w Office, surveyID string, in Recorded) (store.Receipt, error) {
	survey, err := a.directory.Survey(ctx, w.ID, surveyID)
	if err != nil {
		return store.Receipt{}, err
	}
	if err := survey.Open(a.store.Now()); err != nil {
		return store.Receipt{}, err
	}
	s := store.Submission{Response: in.response(surveys.ChannelAPI)}
	s.Response.AnsweredAt = in.AnsweredAt
	if in.IdempotencyKey != "" {
		content, err := json.Marshal(in)
		if err != nil {
			return store.Receipt{}, surveys.Fail(surveys.Invalid, "json")
		}
		body := sha256.Sum256(content)
		s.Once = &store.Once{
			Key: store.OnceKey("response:"+survey.ID, in.IdempotencyKey), Body: body[:], Repeat: store.Replay, ExpiresAt: a.store.Now().Add(apiMemory),
		}
	}
	if in.Person == nil {
		return a.submit(ctx, w, survey, s, in.Properties)
	}
	// What will be refused is refused before a person is stored for nothing.
	if _, err := a.complete(w, survey, s.Response); err != nil {
		return store.Receipt{}, err
	}
	if s.Once != nil {
		first, taken, err := a.store.Taken(ctx, w.ID, *s.Once, a.store.Now())
		if err != nil {
			return store.Receipt{}, err
		}
		if taken {
			if err := a.store.Ping(ctx); err != nil { // no promise for a file that is gone
				return store.Receipt{}, err
			}
			return store.Receipt{ResponseID: first, Outcome: store.Replayed}, nil
		}
	}
	person, err := a.person(ctx, w, *in.Person)
	if err != nil {
		return store.Receipt{}, err
	}
	s.Response.PersonID = person.ID
	return a.submit(ctx, w, survey, s, in.Properties, person.Traits)
}

func (a *Answers) person(ctx context.Context, w Office, p surveys.Person) (surveys.Person, error) {
	p.WorkspaceID = w.ID
	p, wrong := p.Check("person.")
	if err := surveys.Wrong(wrong...); err != nil {
		return p, err
	}
	err := a.store.InTx(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.SavePerson(ctx, p)
		return err
	})
	return p, err
}

// complete fills in what a response to the survey has by itself, and checks it.
func (a *Answers) complete(w Office, survey surveys.Survey, r surveys.Response) (surveys.Response, error) {
	now := a.store.Now()
	id, err := a.store.NewID()
	if err != nil {
		return r, err
	}
	r.WorkspaceID, r.SurveyID, r.ID, r.Version, r.CreatedAt, r.UpdatedAt = w.ID, survey.ID, id, survey.Question.Version, now, now
	if r.AnsweredAt.IsZero() {
		r.AnsweredAt = now
	}
	r, wrong := r.Check(survey.Metric, now)
	wrong = append(wrong, survey.CheckRatings(r.Ratings)...)
	r, fields := survey.CheckSaid(r)
	wrong = append(wrong, fields...)
	r.Day = surveys.Day(r.AnsweredAt, w.Zone)
	return r, surveys.Wrong(wrong...)
}

// submit completes the response and hands it to the writer. The sources tell
// what it is counted under.
func (a *Answers) submit(ctx context.Context, w Office, survey surveys.Survey, s store.Submission, sources ...map[string]any) (store.Receipt, error) {
	r, err := a.placed(ctx, w, survey, s.Response, sources...)
	if err != nil {
		return store.Receipt{}, err
	}
	s.Response = r
	return a.ingest.Submit(ctx, s)
}

// placed is a response as it is stored, with what it is counted under.
func (a *Answers) placed(ctx context.Context, w Office, survey surveys.Survey, r surveys.Response, sources ...map[string]any) (surveys.Response, error) {
	r, err := a.complete(w, survey, r)
	if err != nil {
		return r, err
	}
	r.Segments, err = a.segments.place(ctx, w.ID, surveys.SegmentsOf(r, w.Segments, append(sources, r.FieldSource())...))
	return r, err
}

// segmentPlaces knows which values are counted under each segment key.
type segmentPlaces struct {
	store    *store.Store
	mu       sync.RWMutex
	admitted map[segmentPlace]bool
}

type segmentPlace struct {
	workspace  surveys.WorkspaceID
	key, value string
}

// place replaces the values for which a key has no place any more by [surveys.OtherValue].
func (p *segmentPlaces) place(ctx context.Context, ws surveys.WorkspaceID, segments map[string]string) (map[string]string, error) {
	for key, value := range segments {
		if key == surveys.SegmentChannel || key == surveys.SegmentVersion || value == surveys.OtherValue {
			continue
		}
		admitted, err := p.admit(ctx, segmentPlace{ws, key, value})
		if err != nil {
			return nil, err
		}
		if !admitted {
			segments[key] = surveys.OtherValue
		}
	}
	return segments, nil
}

func (p *segmentPlaces) admit(ctx context.Context, place segmentPlace) (bool, error) {
	p.mu.RLock()
	admitted, known := p.admitted[place]
	p.mu.RUnlock()
	if known {
		return admitted, nil
	}
	err := p.store.InTx(ctx, func(tx *store.Tx) (err error) {
		admitted, err = tx.AdmitSegmentValue(ctx, place.workspace, place.key, place.value)
		return err
	})
	if err != nil {
		return false, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.admitted == nil || len(p.admitted) >= maxMemory {
		p.admitted = make(map[segmentPlace]bool)
	}
	p.admitted[place] = admitted
	return admitted, nil
}

package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// EarlierInvitation returns the answer that was given to an invitation before,
// for a person who wants to see or change it. NotFound when there is none.
func (a *Answers) EarlierInvitation(ctx context.Context, in Invited) (surveys.Response, error) {
	if in.Invitation.ResponseID == "" {
		return surveys.Response{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return a.store.Response(ctx, in.Office.ID, in.Invitation.ResponseID)
}

// EarlierPage returns the answer that was given before on a public page or within
// another site's; see [Answers.AnswerLink] and [Answers.AnswerEmbedded]. NotFound when
// there is none.
func (a *Answers) EarlierPage(ctx context.Context, w Office, survey surveys.Survey, by Visitor) (surveys.Response, error) {
	id, taken, err := a.store.Taken(ctx, w.ID, store.Once{Key: by.key(survey), Repeat: store.Change}, a.store.Now())
	if err != nil {
		return surveys.Response{}, err
	}
	if !taken {
		return surveys.Response{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return a.store.Response(ctx, w.ID, id)
}

// formKey is the idempotency key of a form.
func formKey(survey surveys.Survey, form string) []byte {
	return store.OnceKey("form:"+survey.ID, form)
}

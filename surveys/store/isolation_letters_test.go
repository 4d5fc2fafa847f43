package store_test

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// letter is the invitation of the world's rule, for which the team wrote.
func (a world) letter() surveys.LetterKey {
	return surveys.LetterKey{RuleID: a.rule.ID, Letter: surveys.LetterInvitation}
}

func letterTexts(greeting string) surveys.LetterTexts { return surveys.LetterTexts{Greeting: greeting} }

// letterAttempts are the attempts on the team's own words of letters.
func letterAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"LetterTexts": func(c c, x *tx, b w, a world) (any, error) { return x.LetterTexts(c, b.ID, a.letter()) },
		"OwnLetters":  func(c c, x *tx, b w, a world) (any, error) { return x.OwnLetters(c, b.ID, a.rule.ID) },
		"SaveLetterTexts": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveLetterTexts(c, b.ID, a.letter(), "en", letterTexts("stolen")))
		},
		"CopyLetterTexts": func(c c, x *tx, b w, a world) (any, error) {
			if err := x.CopyLetterTexts(c, b.ID, a.rule.ID, string(b.ID)); err != nil {
				return nil, err
			}
			return x.OwnLetters(c, b.ID, string(b.ID))
		},
		"DropReminderTexts": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DropReminderTexts(c, surveys.Rule{WorkspaceID: b.ID, ID: a.rule.ID}))
		},
		"DeleteLetterTexts": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DeleteLetterTexts(c, b.ID, a.letter(), "en"))
		},
	}
}

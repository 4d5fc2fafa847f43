package store_test

import (
	"context"
	"maps"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestLetterTextsAreKeptPerLetterAndLanguage(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), storetest.Workspace(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, w.ID, surveys.NPS))
		first, second := surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterReminder, Number: 1}, surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterReminder, Number: 2}
		save := func(key surveys.LetterKey, locale string, texts surveys.LetterTexts) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveLetterTexts(ctx, w.ID, key, locale, texts)
			})
		}
		expect := func(what string, key surveys.LetterKey, want map[string]surveys.LetterTexts) {
			t.Helper()
			if got, err := s.LetterTexts(ctx, w.ID, key); err != nil || !maps.Equal(got, want) {
				t.Errorf("%s: %v, %v, want %v", what, got, err, want)
			}
		}
		expect("nothing is written", first, map[string]surveys.LetterTexts{})
		full := surveys.LetterTexts{Subject: "a {{name|}}", Preheader: "b", Greeting: "c", Intro: "d\n\ne", Closing: "f"}
		save(first, "en", full)
		save(first, "ar", letterTexts("مرحبًا"))
		save(second, "en", letterTexts("Hello again"))
		expect("both languages", first, map[string]surveys.LetterTexts{"en": full, "ar": letterTexts("مرحبًا")})
		expect("another number", second, map[string]surveys.LetterTexts{"en": letterTexts("Hello again")})
		own, err := s.OwnLetters(ctx, w.ID, rule.ID)
		if err != nil || len(own) != 2 || len(own[first]) != 2 || own[first][0] != "ar" || len(own[second]) != 1 {
			t.Errorf("own letters: %v, %v", own, err)
		}
		save(first, "en", letterTexts("Hi"))
		expect("written again", first, map[string]surveys.LetterTexts{"en": letterTexts("Hi"), "ar": letterTexts("مرحبًا")})
		save(first, "ar", surveys.LetterTexts{})
		expect("emptied", first, map[string]surveys.LetterTexts{"en": letterTexts("Hi")})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteLetterTexts(ctx, w.ID, first, "en") })
		expect("deleted", first, map[string]surveys.LetterTexts{})
		expect("another letter stays", second, map[string]surveys.LetterTexts{"en": letterTexts("Hello again")})
	})
}

package northwind

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// reminders are those of the question after an order.
func reminders() []surveys.Reminder {
	return []surveys.Reminder{{After: 4 * 24 * time.Hour}, {After: 7 * 24 * time.Hour}}
}

// thanks leads who is content to where others read it, and who is not to help.
func thanks() surveys.Thanks {
	return surveys.Thanks{On: true, Links: map[surveys.Band]string{
		surveys.Promoter: "https://www.northwind.example/reviews", surveys.Detractor: "https://www.northwind.example/help",
	}}
}

// storeLetters writes the last reminder in the shop's own words.
func storeLetters(ctx context.Context, tx *store.Tx, story Story) error {
	last := surveys.LetterKey{RuleID: story.Order.ID, Letter: surveys.LetterReminder, Number: len(story.Order.Reminders)}
	for locale, texts := range map[string]surveys.LetterTexts{
		"en": {
			Subject: "A last hello from the roastery", Greeting: "Hello {{name|there}}, this is the last time that we ask about this order.",
			Intro: "We read every answer at the Friday cupping.", Closing: "Whatever you decide: enjoy the coffee.",
		},
		"zh-Hans": {
			Subject: "烘焙坊的最后一次问候", Greeting: "{{name|朋友}}，您好。关于这笔订单，这是我们最后一次打扰您。",
			Intro: "每周五杯测时，我们会读每一份回答。", Closing: "无论您是否回答，都祝您喝得开心。",
		},
	} {
		if err := tx.SaveLetterTexts(ctx, story.Workspace.ID, last, locale, texts); err != nil {
			return err
		}
	}
	return nil
}

package northwind

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// notes are what the team wrote on the timeline while it happened: what stands
// behind the year's stories.
func notes(story Story) []surveys.Note {
	list := []surveys.Note{
		{Day: story.Quiet.From, Text: "The roastery moves: hardly any orders for a fortnight"},
		{Day: story.Drop, Text: "Subscriptions now come with FastCo instead of the post", SurveyID: story.NPS.ID},
		{Day: story.Gifts.From, Text: "Gift campaign: every box at half price"},
	}
	for i := range list {
		at := surveys.DayStart(list[i].Day).Add(10 * time.Hour)
		list[i].WorkspaceID, list[i].ID, list[i].Author = story.Workspace.ID, fixedID(at, byte(0xe0+i)), story.User.Name
		list[i].CreatedAt, list[i].UpdatedAt = at, at
	}
	return list
}

// storeNotes stores them.
func storeNotes(ctx context.Context, tx *store.Tx, story Story) error {
	for _, n := range notes(story) {
		if err := tx.CreateNote(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

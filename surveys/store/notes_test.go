package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestNotesAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		survey, other := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.CSAT)
		mine, theirs := storetest.Note(t, s, survey), storetest.Note(t, s, other)
		all := mine
		all.ID, all.SurveyID, all.Day, all.Text = storetest.ID(t, s), "", mine.Day-7, "订阅价格上调"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateNote(ctx, all) })

		same(t, "one", all)(s.Note(ctx, w.ID, all.ID))
		for _, c := range []struct {
			name   string
			filter store.NoteFilter
			want   []surveys.Note
		}{
			{"of a survey, with those of all", store.NoteFilter{SurveyID: survey.ID}, []surveys.Note{all, mine}},
			{"of another survey", store.NoteFilter{SurveyID: other.ID}, []surveys.Note{all, theirs}},
			{"everything", store.NoteFilter{}, []surveys.Note{all, mine, theirs}},
			{"from a day on", store.NoteFilter{SurveyID: survey.ID, From: mine.Day}, []surveys.Note{mine}},
			{"before a day", store.NoteFilter{SurveyID: survey.ID, To: mine.Day}, []surveys.Note{all}},
			{"in no day", store.NoteFilter{From: mine.Day - 6, To: mine.Day}, []surveys.Note{}},
		} {
			same(t, c.name, c.want)(s.Notes(ctx, w.ID, c.filter))
		}

		clock.Advance(time.Minute)
		mine.SurveyID, mine.Day, mine.Text, mine.UpdatedAt = "", mine.Day-30, "New courier", s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateNote(ctx, mine) })
		same(t, "changed", []surveys.Note{mine, all})(s.Notes(ctx, w.ID, store.NoteFilter{SurveyID: survey.ID}))
	})
}

func TestDeletedNotesComeBack(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		n := storetest.Note(t, s, storetest.Survey(t, s, w.ID, surveys.NPS))
		remove := func(tx *store.Tx) error { return tx.DeleteNote(ctx, w.ID, n.ID) }
		restore := func(tx *store.Tx) error { return tx.RestoreNote(ctx, w.ID, n.ID) }
		want := func(what string, kind surveys.Kind, move func(*store.Tx) error) {
			t.Helper()
			if err := s.InTx(ctx, move); surveys.KindOf(err) != kind {
				t.Errorf("%s: %v, want %q", what, err, kind)
			}
		}
		want("restore what stands", surveys.NotFound, restore)
		want("delete", "", remove)
		same(t, "what stands", []surveys.Note{})(s.Notes(ctx, w.ID, store.NoteFilter{}))
		same(t, "how many", int64(0))(s.CountNotes(ctx, w.ID))
		want("delete twice", surveys.NotFound, remove)
		want("change what is deleted", surveys.NotFound, func(tx *store.Tx) error { return tx.UpdateNote(ctx, n) })
		want("restore", "", restore)
		same(t, "what is back", []surveys.Note{n})(s.Notes(ctx, w.ID, store.NoteFilter{}))

		want("delete again", "", remove)
		clock.Advance(time.Hour)
		want("forget older ones", "", func(tx *store.Tx) error { return tx.ForgetNotes(ctx, w.ID, s.Now().Add(-2*time.Hour)) })
		want("it can still be restored", "", restore)
		want("delete once more", "", remove)
		want("forget", "", func(tx *store.Tx) error { return tx.ForgetNotes(ctx, w.ID, s.Now().Add(time.Second)) })
		want("restore what is forgotten", surveys.NotFound, restore)
	})
}

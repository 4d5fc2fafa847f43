package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func newSheet(t *testing.T, s *store.Store) *surveys.Sheet {
	t.Helper()
	sheet, err := surveys.NewSheet(s.Random(), s.Now())
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

func letterToken(t *testing.T, s *store.Store, sheet *surveys.Sheet, w surveys.Workspace) surveys.Token {
	t.Helper()
	token, err := sheet.Token(s.Random(), w.Key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestWayOutServesItsLetter: of a letter's two links the way out is stored, and
// both are known by it; the way out does not serve to answer. So it is with links
// that stand on a sheet, at whichever place, and with those of earlier versions,
// which have a row each.
func TestWayOutServesItsLetter(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w, sheet := storetest.Workspace(t, s), newSheet(t, s)
		alone, err := surveys.NewToken(s.Random(), w.Key)
		if err != nil {
			t.Fatal(err)
		}
		until := s.Now().Add(time.Hour)
		answers, subjects := map[string]surveys.Token{"a row": alone}, make(map[string]string)
		for _, name := range []string{"the first place", "a place in the middle", "the last place"} {
			answers[name] = letterToken(t, s, sheet, w)
			_ = letterToken(t, s, sheet, w) // whose letter was withdrawn before it left
		}
		var grants []store.NewGrant
		for name, answer := range answers {
			subjects[name] = storetest.ID(t, s)
			grants = append(grants, store.NewGrant{Token: answer.WayOut(), Purpose: surveys.PurposeUnsubscribe, SubjectID: subjects[name], ExpiresAt: until})
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateGrants(ctx, w.ID, grants) })
		for name, answer := range answers {
			t.Run(name, func(t *testing.T) { knownByItsWayOut(t, s, w, answer, subjects[name], until) })
		}
		if n := len(texts(t, s.Readers(), "SELECT workspace_id FROM sheets WHERE workspace_id = '"+string(w.ID)+"'")); n != 1 {
			t.Errorf("%d rows, want one for all that share a sheet", n)
		}
	})
}

func knownByItsWayOut(t *testing.T, s *store.Store, w surveys.Workspace, answer surveys.Token, subject string, until time.Time) {
	other, out := storetest.Workspace(t, s), answer.WayOut()
	if out == answer || out.Workspace() != w.Key || out.WayOut() == answer {
		t.Errorf("the way out of %s is %s", answer, out)
	}
	for name, c := range map[string]struct {
		ws      surveys.WorkspaceID
		purpose surveys.Purpose
		token   surveys.Token
		at      time.Time
		found   bool
	}{
		"to answer":                          {w.ID, surveys.PurposeAnswer, answer, s.Now(), true},
		"the way out":                        {w.ID, surveys.PurposeUnsubscribe, out, s.Now(), true},
		"to answer by the way out":           {w.ID, surveys.PurposeAnswer, out, s.Now(), false},
		"the way out by the link to answer":  {w.ID, surveys.PurposeUnsubscribe, answer, s.Now(), false},
		"to a session by the link to answer": {w.ID, surveys.PurposeSession, answer, s.Now(), false},
		"to answer in another workspace":     {other.ID, surveys.PurposeAnswer, answer, s.Now(), false},
		"to answer too late":                 {w.ID, surveys.PurposeAnswer, answer, until, false},
		"with another secret":                {w.ID, surveys.PurposeAnswer, answer[:len(answer)-2] + "AA", s.Now(), false},
		"without its last character":         {w.ID, surveys.PurposeAnswer, answer[:len(answer)-1], s.Now(), false},
	} {
		grant, err := s.Grant(t.Context(), c.ws, c.purpose, c.token, c.at)
		if found := err == nil && grant.SubjectID == subject; found != c.found || !found && surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("%s: %+v, %v", name, grant, err)
		}
		if c.found && !grant.ExpiresAt.Equal(until) {
			t.Errorf("%s: until %s, want %s", name, grant.ExpiresAt, until)
		}
	}
}

// TestPlacesOfNobody: a place that no letter has, one behind the end, and a sheet
// that there is not.
func TestPlacesOfNobody(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w, sheet := storetest.Workspace(t, s), newSheet(t, s)
		withdrawn, kept, behind := letterToken(t, s, sheet, w), letterToken(t, s, sheet, w), letterToken(t, s, sheet, w)
		until := s.Now().Add(time.Hour)
		grant := store.NewGrant{Token: kept, Purpose: surveys.PurposeAnswer, SubjectID: storetest.ID(t, s), ExpiresAt: until}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateGrants(ctx, w.ID, []store.NewGrant{grant})
		})
		for name, c := range map[string]struct {
			token surveys.Token
			found bool
		}{
			"a letter's":              {kept, true},
			"a withdrawn letter's":    {withdrawn, false},
			"behind the end":          {behind, false},
			"at somebody else's":      {withdrawn[:len(withdrawn)-surveys.SecretLength] + kept[len(kept)-surveys.SecretLength:], false},
			"on a sheet of nobody":    {letterToken(t, s, newSheet(t, s), w), false},
			"not in base64":           {kept[:surveys.KeyLength] + "!" + kept[surveys.KeyLength+1:], false},
			"of the length, of zeros": {surveys.Token(make([]byte, surveys.LetterTokenLength)), false},
		} {
			got, err := s.Grant(t.Context(), w.ID, surveys.PurposeAnswer, c.token, s.Now())
			if found := err == nil && got.SubjectID == grant.SubjectID; found != c.found || !found && surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		for name, wrong := range map[string]store.NewGrant{
			"of no id":       {Token: behind, Purpose: surveys.PurposeAnswer, SubjectID: "7", ExpiresAt: until},
			"without an end": {Token: behind, Purpose: surveys.PurposeAnswer, SubjectID: grant.SubjectID},
			"twice":          grant,
		} {
			if err := s.InTx(t.Context(), func(tx *store.Tx) error { return tx.CreateGrants(t.Context(), w.ID, []store.NewGrant{wrong}) }); err == nil {
				t.Errorf("a link %s was stored", name)
			}
		}
		var purged int64
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			purged, err = tx.PurgeExpired(ctx, w.ID, until.Add(time.Second))
			return err
		})
		if purged != 1 {
			t.Errorf("%d rows purged, want the sheet", purged)
		}
	})
}

package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestLettersOfAFormComeBackWhole stores letters that share a form, and one that
// stands alone, and reads the same bytes.
func TestLettersOfAFormComeBackWhole(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		form, err := store.NewForm(store.Form{{Bytes: []byte("Dear \xff"), Fill: 1}, {Bytes: nil, Fill: 0}, {Bytes: []byte("\r\n.\r\n"), Fill: 1}, {Bytes: []byte("end"), Fill: -1}})
		if err != nil {
			t.Fatal(err)
		}
		want := make(map[string]string)
		var letters []store.Letter
		var ids []string
		for _, values := range [][][]byte{{[]byte("Ada"), []byte("\x00Lovelace")}, {[]byte(""), []byte("王芳")}, nil} {
			i := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
			l := store.Letter{InvitationID: i.ID, MessageID: i.ID + "@hark", Sender: "a@shop.example", Recipient: i.Email, Message: []byte("alone")}
			if values != nil {
				l.Form, l.Values, l.Message = form, values, form.Form.Fill(values)
			}
			letters, ids, want[i.ID] = append(letters, l), append(ids, i.ID), string(l.Message)
		}
		for range 2 { // the second time in the place of the first
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveLetters(ctx, w.ID, letters) })
		}
		got, err := s.Letters(ctx, w.ID, ids)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d letters, %v", len(got), err)
		}
		for id, l := range got {
			if string(l.Message) != want[id] || l.MessageID != id+"@hark" || l.Sender != "a@shop.example" {
				t.Errorf("came back as %+v, want %q", l, want[id])
			}
		}
		if !bytes.HasPrefix(got[ids[0]].Message, []byte("Dear \xff\x00LovelaceAda\r\n.\r\n")) {
			t.Errorf("filled as %q", got[ids[0]].Message)
		}
		whole := sha256.Sum256([]byte(want[ids[1]])) // as earlier versions kept it
		for name, c := range map[string]struct {
			change string
			intact bool
		}{
			"as it was":             {change: "UPDATE outbox SET sender = sender"},
			"of an earlier version": {"UPDATE outbox SET hash = " + bytesSQL(s, whole[:]), true},
			"other values":          {change: "UPDATE outbox SET message = " + bytesSQL(s, []byte(`["QQ==","Qg=="]`))},
			"other pieces":          {change: "UPDATE letter_forms SET pieces = " + bytesSQL(s, []byte(`[{"Bytes":"QQ==","Fill":-1}]`))},
			"another letter's hash": {change: "UPDATE outbox SET hash = " + bytesSQL(s, make([]byte, sha256.Size))},
		} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveLetters(ctx, w.ID, letters) })
			exec(t, s, c.change)
			l, err := s.Letter(ctx, w.ID, ids[1])
			if intact := err == nil && string(l.Message) == want[ids[1]]; intact != (c.intact || name == "as it was") {
				t.Errorf("%s: came back as %q, %v", name, l.Message, err)
			}
			exec(t, s, "DELETE FROM letter_forms WHERE hash IN (SELECT form FROM outbox)")
		}
	})
}

// bytesSQL writes bytes as a statement has them.
func bytesSQL(s *store.Store, b []byte) string {
	if s.Dialect() == store.Postgres {
		return `'\x` + hex.EncodeToString(b) + "'"
	}
	return "x'" + hex.EncodeToString(b) + "'"
}

// TestFormsAreForgotten keeps a form while a letter names it and a day longer.
func TestFormsAreForgotten(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		i := storetest.Invitation(t, s, storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID))
		l := world{invitation: i}.mail()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveLetter(ctx, w.ID, l) })
		forms := func() int {
			return len(texts(t, s.Readers(), "SELECT workspace_id FROM letter_forms WHERE workspace_id = '"+string(w.ID)+"'"))
		}
		settle := func() {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SettleAnswered(ctx, w.ID) })
		}
		clock.Advance(48 * time.Hour)
		settle()
		if same, err := s.Letter(ctx, w.ID, i.ID); err != nil || forms() != 1 || !bytes.Equal(same.Message, l.Message) {
			t.Errorf("a waiting letter came back as %q, %v, of %d forms", same.Message, err, forms())
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DropLetters(ctx, w.ID, []string{i.ID}) })
		settle()
		if forms() != 0 {
			t.Errorf("%d forms are kept without a letter", forms())
		}
	})
}

// TestMovesNeedTheirStateAndLease makes only those moves whose invitation is as
// the mover knows it.
func TestMovesNeedTheirStateAndLease(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		var claimed []surveys.Invitation
		for range 4 {
			storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			claimed, err = tx.ClaimDue(ctx, w.ID, s.Now(), time.Minute, 10)
			return err
		})
		other := s.Now().Add(time.Hour)
		var moves []store.Move
		for n, i := range claimed {
			move := store.Move{From: surveys.InvitationClaimed, Lease: i.LeaseUntil}
			switch n {
			case 1:
				move.Lease = &other
			case 2:
				move.Lease = nil
			case 3:
				move.From = surveys.InvitationScheduled
			}
			i.State, i.LeaseUntil, i.Problem = surveys.InvitationCancelled, nil, "because"
			move.Invitation = i
			moves = append(moves, move)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			made, err := tx.MoveInvitations(ctx, moves)
			if err == nil && (len(made) != 4 || !made[0] || made[1] || made[2] || made[3]) {
				t.Errorf("made %v, want only the first", made)
			}
			return err
		})
		for n, i := range claimed {
			got, err := s.Invitation(ctx, w.ID, i.ID)
			if err != nil || (got.State == surveys.InvitationCancelled && got.Problem == "because" && got.LeaseUntil == nil) != (n == 0) {
				t.Errorf("invitation %d: %+v, %v", n, got, err)
			}
		}
	})
}

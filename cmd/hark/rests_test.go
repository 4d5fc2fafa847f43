package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestDoctorTellsWhatRests without failing for it.
func TestDoctorTellsWhatRests(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + t.TempDir() + "/rests.db"
	s := storetest.OpenURL(t, url, time.Now)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w, now := storetest.Workspace(t, s), s.Now()
	past := now.Add(-time.Minute)
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, stream := range []surveys.Stream{
			surveys.Stream{WorkspaceID: w.ID, Receiver: surveys.Gmail}.Rest(surveys.StreamPolicy, "550 5.7.26 no", 0, now),
			{WorkspaceID: w.ID, Receiver: surveys.Yahoo, Cause: surveys.StreamRefused, Why: "550 who?", Until: &past, Since: past, UpdatedAt: past},
			{WorkspaceID: w.ID, Receiver: surveys.AllAtOnce, Cause: surveys.StreamComplaints, Why: "4/1200", Since: now, UpdatedAt: now},
			{WorkspaceID: w.ID, Receiver: surveys.Microsoft, Since: now, UpdatedAt: now},
		} {
			if err := tx.SaveStream(ctx, stream); err != nil {
				return err
			}
		}
		return nil
	})
	storetest.Sender(t, s, w.ID)
	for n, key := range storetest.DKIMKeys(t, s, w.ID, "shop.example", surveys.DKIMSigning) {
		if key.FoundAt = &past; n == 0 {
			key.Finding = surveys.DKIMMissing
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateDKIMKey(ctx, key) })
	}
	s.Close()
	status, out, errs := hark(t, []string{"HARK_DATABASE=" + url, "HARK_SECRET=" + storetest.Secret}, "doctor")
	for _, want := range []string{"mails to gmail rest until", "it does not believe who sends: 550 5.7.26 no", "mails to yahoo rested: it refuses too many: 550 who?", "called them spam (4/1200 in seven days)", "All counts agree"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "the DNS has lost"); n != 1 {
		t.Errorf("%d keys are lost, want 1:\n%s", n, out)
	}
	if status != 0 || strings.Contains(out, "microsoft") {
		t.Errorf("status %d, %s\n%s", status, errs, out)
	}
}

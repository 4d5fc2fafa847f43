package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// sealedWords is what doctor says of what is stored sealed.
type sealedWords struct {
	lines         []string
	closed, stale int
}

// look tries what a workspace has sealed.
func (s *sealedWords) look(ctx context.Context, opened *store.Store, vault *surveys.Vault, w surveys.Workspace) error {
	faults, err := flow.SealedFaults(ctx, opened, vault, w.ID)
	for _, fault := range faults {
		what, waits := "the key "+fault.What, "mails wait"
		switch fault.Place.Table {
		case "senders":
			what = "the password of its mail server"
		case "identity_keys":
			what, waits = "a key that names visitors", "tokens are not believed"
		case "mail_hooks":
			what, waits = "the key that proves the reports of "+fault.What, "reports are refused"
		}
		if fault.Err == nil {
			s.stale++
			s.lines = append(s.lines, fmt.Sprintf("%s: %s is still sealed with HARK_SECRET_OLD; the server seals it again at its start.", w.Name, what))
			continue
		}
		s.closed++
		s.lines = append(s.lines, fmt.Sprintf("%s: %s cannot be opened, and its %s: %s", w.Name, what, waits, describe(fault.Err)))
	}
	return err
}

// verdict fails when something cannot be opened.
func (s *sealedWords) verdict() error {
	if s.closed > 0 {
		return errors.New(count(int64(s.closed), "sealed value") + " cannot be opened: set the secret that sealed them as HARK_SECRET, or as HARK_SECRET_OLD beside a new one")
	}
	return nil
}

package flow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// KeysArgs is the job that asks the DNS for the records of all keys that sign, or
// wait to: a record that disappears is told before receivers refuse mails for it.
type KeysArgs struct{}

// Kind names the job.
func (KeysArgs) Kind() string { return "check_keys" }

// WatchKeys asks the DNS for the keys of all workspaces, and writes to the log
// which record is gone that was there, and which is back. What goes wrong with one
// workspace leaves the others alone.
func (m *Sending) WatchKeys(ctx context.Context, log *slog.Logger) error {
	workspaces, err := m.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, w := range workspaces {
		if err := m.watch(ctx, w.ID, log); err != nil {
			failed = append(failed, fmt.Errorf("ask the DNS for the keys of workspace %s: %w", w.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (m *Sending) watch(ctx context.Context, ws surveys.WorkspaceID, log *slog.Logger) error {
	before, err := m.GoneKeys(ctx, ws)
	if err != nil {
		return err
	}
	if err := m.CheckKeys(ctx, ws); err != nil {
		return err
	}
	after, err := m.GoneKeys(ctx, ws)
	if err != nil {
		return err
	}
	for _, key := range without(after, before) {
		log.WarnContext(ctx, "mail: the DNS no longer has a key that signs; receivers may refuse mails until its record is back",
			"workspace", ws, "record", key.RecordName(), "finding", key.Finding, "seen", key.FoundAt)
	}
	for _, key := range without(before, after) {
		log.InfoContext(ctx, "mail: the key is not missed any more", "workspace", ws, "record", key.RecordName())
	}
	return nil
}

// without are the keys of a list that are not in another one.
func without(list, other []surveys.DKIMKey) []surveys.DKIMKey {
	return slices.DeleteFunc(slices.Clone(list), func(k surveys.DKIMKey) bool {
		return slices.ContainsFunc(other, func(o surveys.DKIMKey) bool { return o.ID == k.ID })
	})
}

// GoneKeys are the keys that sign a workspace's mails now although the DNS has
// lost their records.
func (m *Sending) GoneKeys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.DKIMKey, error) {
	keys, err := m.Store.DKIMKeys(ctx, ws)
	if err != nil || !slices.ContainsFunc(keys, surveys.DKIMKey.Gone) {
		return nil, err
	}
	sender, err := m.Store.Sender(ctx, ws)
	if err != nil || sender.Signing == surveys.SignedByRelay {
		return nil, err
	}
	domain := m.Domain(sender)
	return slices.DeleteFunc(keys, func(k surveys.DKIMKey) bool { return !k.Gone() || k.Domain != domain }), nil
}

// LostKeys counts the keys of all workspaces that sign although the DNS has lost
// their records.
func (m *Sending) LostKeys(ctx context.Context) (n int, err error) {
	workspaces, err := m.Store.Workspaces(ctx)
	if err != nil {
		return 0, err
	}
	for _, w := range workspaces {
		gone, err := m.GoneKeys(ctx, w.ID)
		if err != nil {
			return 0, fmt.Errorf("find the lost keys of workspace %s: %w", w.ID, err)
		}
		n += len(gone)
	}
	return n, nil
}

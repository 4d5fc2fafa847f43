package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestSendersAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		same(t, "who never said so", surveys.Sender{WorkspaceID: w.ID, Signing: surveys.SignedHere})(s.Sender(ctx, w.ID))
		sender := storetest.Sender(t, s, w.ID)
		same(t, "stored", sender)(s.Sender(ctx, w.ID))
		clock.Advance(time.Minute)
		sender.FromName, sender.FromAddress, sender.BounceDomain, sender.Signing, sender.Relay, sender.UpdatedAt = "", "", "", surveys.SignedByRelay, nil, s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveSender(ctx, sender) })
		same(t, "changed", sender)(s.Sender(ctx, w.ID))
		if err := s.InTx(ctx, func(tx *store.Tx) error {
			return tx.SaveSender(ctx, surveys.Sender{WorkspaceID: surveys.WorkspaceID(storetest.ID(t, s))})
		}); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the sender of no workspace: %v", err)
		}
	})
}

func TestDKIMKeysAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		old := storetest.DKIMKeys(t, s, w.ID, "shop.example", surveys.DKIMSigning)
		clock.Advance(time.Hour)
		fresh := storetest.DKIMKeys(t, s, w.ID, "shop.example", surveys.DKIMNew)
		other := storetest.DKIMKeys(t, s, w.ID, "other.example", surveys.DKIMSigning)
		same(t, "one", old[0])(s.DKIMKey(ctx, w.ID, old[0].ID))
		same(t, "those that sign", []surveys.DKIMKey{old[0], old[1]})(s.SigningKeys(ctx, w.ID, "shop.example"))
		same(t, "those of another domain", []surveys.DKIMKey{other[0], other[1]})(s.SigningKeys(ctx, w.ID, "other.example"))
		same(t, "those of a domain below", []surveys.DKIMKey{})(s.SigningKeys(ctx, w.ID, "mail.shop.example"))
		if list, err := s.DKIMKeys(ctx, w.ID); err != nil || len(list) != 6 || list[5].ID != old[1].ID || list[0].Algorithm != surveys.DKIMRSA {
			t.Errorf("all: %+v, %v", list, err)
		}
		now := s.Now()
		found := fresh[0]
		found.State, found.Finding, found.CheckedAt, found.FoundAt, found.Secret = surveys.DKIMSigning, surveys.DKIMFound, &now, &now, []byte("sealed again")
		retired := old[0]
		retired.State, retired.RetiredAt = surveys.DKIMRetired, &now
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.UpdateDKIMKey(ctx, retired); err != nil {
				return err
			}
			return tx.UpdateDKIMKey(ctx, found)
		})
		same(t, "after the change", []surveys.DKIMKey{found, old[1]})(s.SigningKeys(ctx, w.ID, "shop.example"))
		same(t, "retired", retired)(s.DKIMKey(ctx, w.ID, retired.ID))
		again := fresh[1]
		again.ID = storetest.ID(t, s)
		if err := s.InTx(ctx, func(tx *store.Tx) error { return tx.CreateDKIMKey(ctx, again) }); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("a selector twice: %v, want Conflict", err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteDKIMKey(ctx, w.ID, retired.ID) })
		if err := second(s.DKIMKey(ctx, w.ID, retired.ID)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("deleted: %v", err)
		}
	})
}

package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestRefusedSites keeps the latest, each once.
func TestRefusedSites(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		refuse := func(origin string) {
			t.Helper()
			clock.Advance(time.Second)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.RefuseSite(ctx, w.ID, survey.ID, origin) })
		}
		for n := range 25 {
			refuse(fmt.Sprintf("https://shop%d.example", n))
		}
		refuse("https://shop20.example")
		list, err := s.RefusedSites(t.Context(), w.ID, survey.ID)
		if err != nil || len(list) != 20 || list[0].Origin != "https://shop20.example" || !list[0].At.Equal(s.Now()) || list[19].Origin != "https://shop5.example" {
			t.Errorf("%d sites, %v: %+v", len(list), err, list)
		}
	})
}

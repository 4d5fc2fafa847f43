package office

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestStreamsByKeyboardWithoutScript lets a stream go on and begins to warm up
// with nothing but the keyboard; axe finds nothing on the page while mails rest,
// and it fits a phone.
func TestStreamsByKeyboardWithoutScript(t *testing.T) {
	t.Parallel()
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), storetest.Vault(t))
	now := x.store.Now()
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SaveStream(ctx, surveys.Stream{WorkspaceID: x.w.ID, Receiver: surveys.Yahoo}.Rest(surveys.StreamBusy, "421 4.7.0 slowly", 60, now)); err != nil {
			return err
		}
		return tx.SaveStream(ctx, surveys.Stream{WorkspaceID: x.w.ID, Receiver: surveys.Gmail}.Rest(surveys.StreamPolicy, "550 5.7.26 not authenticated", 0, now.Add(time.Second)))
	})
	b := x.open("en")
	b.do(chromedp.EmulateViewport(320, 640))
	b.visit(pathSending)
	found, err := browsertest.Axe(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		t.Error(one)
	}
	b.eventually(`document.documentElement.scrollWidth === 320`)
	b.do(chromedp.Func(withoutScript))
	b.visit(pathSending)
	b.do(chromedp.Focus("#streams .outcome.bad button"), chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.querySelector("main .note")?.textContent.includes("Mails go on") && document.querySelectorAll("#streams .outcome").length === 1`)
	b.do(chromedp.Focus(`#pace [name=pace_per_second]`), chromedp.KeyEvent("14"+kb.Tab+" "+kb.Tab+kb.Tab+kb.ArrowDown+kb.Tab))
	b.eventually(`document.activeElement.textContent.trim() === "Save" && document.activeElement.closest("#pace") !== null`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.querySelector("main .note")?.textContent.includes("The pace is saved")`)
	pace, err := x.store.Pace(t.Context(), x.w.ID)
	if err != nil || pace.PerSecond != 14 || pace.WarmUpSince == nil || pace.Unresolved != surveys.ResendNever {
		t.Errorf("%+v, %v", pace, err)
	}
}

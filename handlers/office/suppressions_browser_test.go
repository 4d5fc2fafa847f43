package office

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestSuppressionsByKeyboardWithoutScript looks an address up, stops it, releases
// one that unsubscribed at the person's wish and takes that back, with nothing but
// the keyboard on a phone's width. axe finds nothing on the way.
func TestSuppressionsByKeyboardWithoutScript(t *testing.T) {
	t.Parallel()
	x := newTeam(t, storetest.Open(t, store.SQLite))
	x.suppress("wants.none@customers.example", surveys.SuppressedUnsubscribed)
	b := x.open("en")
	fair := func(what string) {
		t.Helper()
		found, err := browsertest.Axe(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range found {
			t.Errorf("%s: %s", what, one)
		}
		b.eventually(`document.documentElement.scrollWidth <= 320`)
	}
	b.do(chromedp.EmulateViewport(320, 640))
	b.visit(x.releasePathOf("wants.none@customers.example"))
	fair("asking before a release")
	b.do(chromedp.Func(withoutScript))
	b.visit(pathSuppressions)
	b.do(chromedp.Focus(chromedp.CSS("#field-address")), chromedp.KeyEvent("free@customers.example"+kb.Enter))
	b.eventually(`document.body.textContent.includes("free@customers.example gets mail.")`)
	b.do(chromedp.Focus(chromedp.CSS("#field-address")), chromedp.KeyEvent(kb.Tab+kb.Tab)) // past Look up
	b.eventually(`document.activeElement.form?.querySelector("input[name=address]").value === "free@customers.example"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.body.textContent.includes("free@customers.example gets no mail.")`)
	if x.reason("free@customers.example") != surveys.SuppressedByTeam {
		t.Error("not stopped")
	}
	b.visit(x.releasePathOf("wants.none@customers.example"))
	b.do(chromedp.Focus(chromedp.CSS("input[name=grounds]")), chromedp.KeyEvent(" "+kb.Tab+kb.Enter))
	b.eventually(`document.activeElement.matches(".note") && document.activeElement.textContent.includes("gets mail again")`)
	if x.reason("wants.none@customers.example") != "" {
		t.Error("not released")
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	b.eventually(`document.activeElement.textContent === "Undo"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.body.textContent.includes("gets no mail again")`)
	if x.reason("wants.none@customers.example") != surveys.SuppressedUnsubscribed {
		t.Error("not taken back")
	}
}

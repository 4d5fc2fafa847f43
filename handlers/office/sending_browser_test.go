package office

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestSendingByKeyboardWithoutScript tries a mail server with nothing but the
// keyboard: the focus comes back on what came of it. axe finds nothing on the
// page, in any of its states.
func TestSendingByKeyboardWithoutScript(t *testing.T) {
	t.Parallel()
	x := newSendingDesk(t, storetest.Open(t, store.SQLite), storetest.Vault(t))
	storetest.DKIMKeys(t, x.store, x.w.ID, "server.example", surveys.DKIMNew)
	storetest.DKIMKeys(t, x.store, x.w.ID, "shop.example", surveys.DKIMSigning)
	server := smtptest.New(t, smtptest.Fault{Step: smtptest.Recipient, Code: 554, Text: "Relay access denied"})
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
	}
	b.do(chromedp.EmulateViewport(320, 640))
	b.visit(pathSending)
	fair("as stored")
	b.do(chromedp.Func(withoutScript))
	b.visit(pathSending)
	form := relayForm(server.Addr(), "", "")
	b.do(chromedp.Focus(chromedp.CSS("#field-relay_host")), chromedp.KeyEvent(form.Get("relay_host")+kb.Tab))
	b.do(chromedp.KeyEvent(kb.Backspace + kb.Backspace + kb.Backspace + kb.End + kb.Backspace + kb.Backspace + kb.Backspace + form.Get("relay_port") + kb.Tab))
	b.do(chromedp.KeyEvent("N" + kb.Tab + kb.Tab + kb.Tab + kb.Tab)) // no TLS; past user, password and Save
	b.eventually(`document.activeElement.textContent === "Send a test"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.querySelector("#result h3")?.textContent.includes("takes no mail from you for others")`)
	b.eventually(`document.activeElement.id === "result" && document.querySelector("#result details").open`)
	if messages := server.Messages(); len(messages) != 0 {
		t.Errorf("%d mails arrived", len(messages))
	}
}

package respond_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// withoutScript switches the pages' scripts off.
func withoutScript() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// TestBrowserBack answers in a real browser without script, goes back with the
// browser's button and sends again: one answer, changed. So is a new visit on
// the same day.
func TestBrowserBack(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t)
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.NPS)
	address := webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address) // no TLS: the cookie is a plain one
	choose := func(score string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(chromedp.CSS("input[name=score][value='" + score + "']"))
	}
	send := chromedp.Click(chromedp.CSS("form button"))
	thanked := chromedp.WaitReady(chromedp.CSS("main .stack h1"))
	asked := chromedp.WaitReady(chromedp.CSS("form fieldset"))
	scores := func() (list []int) {
		for _, r := range b.answers(survey) {
			list = append(list, r.Score)
		}
		return list
	}
	for _, step := range []struct {
		name string
		do   []chromedp.Action[chromedp.Void]
		want []int
	}{
		{"answer", []chromedp.Action[chromedp.Void]{withoutScript(), chromedp.Navigate(address + path), asked, choose("9"), send, thanked}, []int{9}},
		{"reload the thank-you", []chromedp.Action[chromedp.Void]{chromedp.Reload(), thanked}, []int{9}},
		{"go back and send again", []chromedp.Action[chromedp.Void]{chromedp.NavigateBack(), asked, choose("8"), send, thanked}, []int{8}},
		{"change the answer", []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("a.tap")), asked, choose("2"), send, thanked}, []int{2}},
		{"visit again on the same day", []chromedp.Action[chromedp.Void]{chromedp.Navigate(address + path), asked, choose("10"), send, thanked}, []int{10}},
	} {
		if err := chromedp.Do(tab, step.do...); err != nil {
			where, _ := chromedp.Run(tab, chromedp.Location())
			t.Fatalf("%s, at %s: %v", step.name, where, err)
		}
		got := scores()
		if len(got) != len(step.want) || got[0] != step.want[0] {
			t.Errorf("%s: the answers are %v, want %v", step.name, got, step.want)
		}
	}
	b.wantRollups(survey, 1)
}

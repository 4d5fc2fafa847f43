package office

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestEmbedPageAllowsSites: a site that is typed or pasted is stored as browsers compare
// it, one that is none is named and kept in the field, and none may be stored too.
func TestEmbedPageAllowsSites(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, path := x.as(surveys.Manager), "/surveys/"+survey.ID+"/embed"
	if p := m.get(path).want(http.StatusOK); !strings.Contains(p.text("main"), "No site may show this survey yet") {
		t.Errorf("without a site: %s", p.text("main"))
	}
	m.post(path, url.Values{"origins": {" https://shop.example/cart?x=1\nhttps://münchen.example, http://localhost:3000"}}).want(http.StatusSeeOther)
	stored, err := x.store.Survey(t.Context(), x.w.ID, survey.ID)
	if want := []string{"https://shop.example", "https://xn--mnchen-3ya.example", "http://localhost:3000"}; err != nil || !reflect.DeepEqual(stored.Origins, want) {
		t.Errorf("stored %v, %v, want %v", stored.Origins, err, want)
	}
	p := m.post(path, url.Values{"origins": {"https://shop.example\nhttps://*.example"}}).want(http.StatusUnprocessableEntity)
	if text := p.text("main"); !strings.Contains(text, "“https://*.example” is not the address of a site") || !strings.Contains(p.value("origins"), "*.example") {
		t.Errorf("a wildcard: %s", text)
	}
	m.post(path, url.Values{"origins": {""}}).want(http.StatusSeeOther)
	if stored, err = x.store.Survey(t.Context(), x.w.ID, survey.ID); err != nil || len(stored.Origins) > 0 {
		t.Errorf("stored %v, %v", stored.Origins, err)
	}
	x.as(surveys.Agent).get(path).want(http.StatusForbidden)
}

// TestEmbedPageLetsInWhoTried: a site that tried to show the survey is let in by a button.
func TestEmbedPageLetsInWhoTried(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, path := x.as(surveys.Manager), "/surveys/"+survey.ID+"/embed"
	m.post(path, url.Values{"origins": {"https://shop.example"}}).want(http.StatusSeeOther)
	for _, origin := range []string{"https://shop.example", "https://new.example"} {
		storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.RefuseSite(ctx, x.w.ID, survey.ID, origin) })
	}
	p := m.get(path).want(http.StatusOK)
	if text := p.text("main"); !strings.Contains(text, "https://new.example tried on") || strings.Contains(text, "https://shop.example tried") {
		t.Errorf("the page says %s", text)
	}
	m.post(path, p.form("form.acts")).want(http.StatusSeeOther)
	stored, err := x.store.Survey(t.Context(), x.w.ID, survey.ID)
	if want := []string{"https://shop.example", "https://new.example"}; err != nil || !reflect.DeepEqual(stored.Origins, want) {
		t.Errorf("stored %v, %v", stored.Origins, err)
	}
}

// TestEmbedPageShowsLines: each form with the lines to copy and an example of it, which
// only the office may frame.
func TestEmbedPageShowsLines(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, path, id := x.as(surveys.Manager), "/surveys/"+survey.ID+"/embed", survey.PublicID(x.w.Key)
	const script = `<script src="https://feedback.example/embed/v1.js" async></script>` + "\n"
	for query, want := range map[string]string{
		"":                            script + `<hark-survey survey="` + id + `"><a href="https://feedback.example/s/` + id + `">Tell us what you think</a></hark-survey>`,
		"?form=popover&open=delay":    script + `<hark-survey survey="` + id + `" mode="popover" open="delay" delay="10"></hark-survey>`,
		"?form=slide-in&open=scroll":  script + `<hark-survey survey="` + id + `" mode="slide-in" open="scroll" scroll="50"></hark-survey>`,
		"?form=modal&open=click":      script + `<hark-survey survey="` + id + `" mode="modal" open="click" selector="#feedback"></hark-survey>`,
		"?form=modal&open=sometime":   script + `<hark-survey survey="` + id + `" mode="modal" open="now"></hark-survey>`,
		"?form=frame&open=now":        `<iframe src="https://feedback.example/e/` + id + `" title="Tell us what you think" width="100%" height="640" style="border:0"></iframe>`,
		"?form=link":                  `<a href="https://feedback.example/s/` + id + `">Tell us what you think</a>`,
		"?form=%22%3E%3Cscript%3E&x=": script + `<hark-survey survey="` + id + `"><a href="https://feedback.example/s/` + id + `">Tell us what you think</a></hark-survey>`,
	} {
		p := m.get(path + query).want(http.StatusOK)
		if got := p.Find("#lines").Text(); got != want {
			t.Errorf("%s shows\n%s\nwant\n%s", query, got, want)
		}
		example := m.get(p.Find(".preview iframe").AttrOr("src", "")).want(http.StatusOK)
		if policy := example.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") {
			t.Errorf("%s: the example's policy is %q", query, policy)
		}
	}
}

package office

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestTVOfTheTeam(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	list := many(60, 0, "pro", 9, 10, 3)
	list[0].comment = "Do not show me"
	x.answers(survey, list...)
	storetest.Note(t, x.store, survey)
	m := x.as(surveys.Agent)
	p := m.get("/surveys/" + survey.ID + "/tv?range=30").want(http.StatusOK)
	p.says("h1", "NPS")
	p.says(".tv-what", "the last 30 days")
	p.says("footer", "Updated at")
	p.has("#trend", 1)
	p.has("#answers", 1)
	p.has("html.tv.dark", 1)
	p.has("a, form", 0)
	if html, err := p.Html(); err != nil || strings.Contains(html, "Do not show me") || !strings.Contains(html, `http-equiv="refresh"`) {
		t.Errorf("the screen shows a comment, or is not read again without script (%v)", err)
	}
	m.get("/surveys/"+survey.ID+"/tv?look=light").has("html.tv.light", 1)
	m.get("/surveys/"+survey.ID+"/tv?look=%22x").has("html.tv.dark", 1)
}

// TestTVTurnsThroughTheSurveys follows the way from screen to screen.
func TestTVTurnsThroughTheSurveys(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Viewer)
		m.get(pathTV).want(http.StatusNotFound) // there is nothing to show
		answered := map[string]bool{}
		for _, metric := range surveys.Metrics() {
			survey := storetest.Survey(t, s, x.w.ID, metric)
			x.answers(survey, many(20, 0, "pro", 5, 4, 3)...)
			answered[survey.ID] = true
		}
		storetest.Survey(t, s, x.w.ID, surveys.NPS) // that nobody answered
		at, seen := pathTV+"?every=45&look=light&range=30", map[string]bool{}
		for range len(answered) {
			p := m.get(at).want(http.StatusOK)
			main := p.Find("#tv")
			here, err := url.Parse(main.AttrOr("data-here", ""))
			if err != nil || main.AttrOr("data-seconds", "") != "45" || !answered[here.Query().Get("at")] {
				t.Fatalf("%s: it stands at %s, for %s", at, here, main.AttrOr("data-seconds", ""))
			}
			p.has("html.tv.light", 1)
			p.says(".tv-what", "the last 30 days")
			p.says(".tv-place", "of 4")
			p.has("#tv-pause", 1)
			p.has("a, form", 0)
			seen[here.Query().Get("at")] = true
			next := main.AttrOr("data-next", "")
			if back := m.get(next).Find("#tv").AttrOr("data-back", ""); back != here.String() {
				t.Errorf("from %s it leads back to %s, not to %s", next, back, here)
			}
			if html, _ := p.Html(); !strings.Contains(html, `content="45;url=`+strings.ReplaceAll(next, "&", "&amp;")+`"`) {
				t.Error("without script it does not turn")
			}
			at = next
		}
		if len(seen) != len(answered) {
			t.Errorf("it turned through %d of %d surveys", len(seen), len(answered))
		}
	})
}

func TestTVOfChosenSurveys(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	var ids []string
	for range 3 {
		survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
		x.answers(survey, many(20, 0, "", 9, 3)...)
		ids = append(ids, survey.ID)
	}
	strange := storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS).ID
	for _, c := range []struct {
		name, query string
		status      int
		place       string
		seconds     string
	}{
		{"two of three", "?survey=" + ids[0] + "&survey=" + ids[2], 200, "of 2", "30"},
		{"one", "?survey=" + ids[1], 200, "", "30"},
		{"one that is gone", "?survey=" + ids[0] + "&survey=" + ids[2] + "&survey=" + storetest.ID(t, x.store), 200, "of 2", "30"},
		{"where it stood is gone", "?at=" + storetest.ID(t, x.store), 200, "1 of 3", "30"},
		{"of another workspace", "?survey=" + strange, 404, "", ""},
		{"another workspace's beside ours", "?at=" + strange + "&survey=" + strange + "&survey=" + ids[0], 200, "", "30"},
		{"too fast", "?every=1", 200, "of 3", "20"},
		{"too slow", "?every=9999", 200, "of 3", "60"},
		{"no number", "?every=%00&range=x&look=<", 200, "of 3", "30"},
	} {
		p := m.get(pathTV + c.query)
		if p.status != c.status {
			t.Errorf("%s: status %d, want %d", c.name, p.status, c.status)
			continue
		}
		if got := p.text(".tv-place"); !strings.Contains(got, c.place) || (c.place == "" && got != "") || p.Find("#tv").AttrOr("data-seconds", "") != c.seconds {
			t.Errorf("%s: it says %q, and turns after %s s", c.name, got, p.Find("#tv").AttrOr("data-seconds", ""))
		}
	}
}

// TestTVHasTheColoursOfAllPages keeps the screen's copies equal: its style is
// asked for by the address, not by the browser, and televisions' browsers are too
// old to choose by light-dark().
func TestTVHasTheColoursOfAllPages(t *testing.T) {
	t.Parallel()
	assets := webtest.Assets(t)
	colour := regexp.MustCompile(`--[a-z0-9-]+:[^;}]+`)
	light, dark, found := strings.Cut(assets.Text("css/tokens.css"), "(prefers-color-scheme:dark)")
	if !found {
		t.Fatal("the pages have no dark colours")
	}
	dark, _, _ = strings.Cut(dark, "}}")
	for look, of := range map[string]string{"light": light, "dark": dark} {
		_, block, found := strings.Cut(assets.Text("css/tv.css"), ".tv."+look+"{")
		if block, _, _ = strings.Cut(block, "}"); !found {
			t.Fatalf("a %s screen has no colours", look)
		}
		n := 0
		for _, want := range colour.FindAllString(of, -1) {
			if !strings.Contains(want, "#") {
				continue // no colour
			}
			if n++; !strings.Contains(block, want) {
				t.Errorf("a %s screen has another %s", look, want)
			}
		}
		if n < 20 {
			t.Errorf("%d colours were compared", n)
		}
	}
}

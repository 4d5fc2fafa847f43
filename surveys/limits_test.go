package surveys_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// codes are the wrong fields of an error, as "path code".
func codes(err error) []string {
	known, ok := err.(*surveys.Error)
	if !ok {
		return nil
	}
	var list []string
	for _, f := range known.Fields {
		list = append(list, f.Path+" "+f.Code)
	}
	return list
}

// runes is a text of so many characters of three bytes each.
func runes(n int) string { return strings.Repeat("好", n) }

func TestWorkspaceLimits(t *testing.T) {
	t.Parallel()
	keys := func(n int) []string {
		var list []string
		for i := range n {
			list = append(list, "key_"+string(rune('a'+i)))
		}
		return list
	}
	for _, c := range []struct {
		name   string
		change func(w *surveys.Workspace)
		wrong  []string
	}{
		{"as it is", func(*surveys.Workspace) {}, nil},
		{"the longest name", func(w *surveys.Workspace) { w.Name = runes(80) }, nil},
		{"a name too long", func(w *surveys.Workspace) { w.Name = runes(81) }, []string{"name too_long"}},
		{"a name of space", func(w *surveys.Workspace) { w.Name = " \t" }, []string{"name required"}},
		{"a name of broken bytes", func(w *surveys.Workspace) { w.Name = "Caf\xc3" }, []string{"name utf8"}},
		{"a name with a zero byte", func(w *surveys.Workspace) { w.Name = "a\x00b" }, []string{"name utf8"}},
		{"the longest address", func(w *surveys.Workspace) { w.Address = runes(300) }, nil},
		{"an address too long", func(w *surveys.Workspace) { w.Address = runes(301) }, []string{"address too_long"}},
		{"a colour in capitals", func(w *surveys.Workspace) { w.Color = "#0B7A75" }, nil},
		{"a colour of three digits", func(w *surveys.Workspace) { w.Color = "#0b7" }, []string{"color color"}},
		{"a colour that ends a style", func(w *surveys.Workspace) { w.Color = "#0b7a75;}" }, []string{"color color"}},
		{"no zone", func(w *surveys.Workspace) { w.TimeZone = "" }, []string{"timezone timezone"}},
		{"the zone of this machine", func(w *surveys.Workspace) { w.TimeZone = "Local" }, []string{"timezone timezone"}},
		{"a zone that is a path", func(w *surveys.Workspace) { w.TimeZone = "../../etc/passwd" }, []string{"timezone timezone"}},
		{"replies to nobody in particular", func(w *surveys.Workspace) { w.ReplyTo = " " }, nil},
		{"replies to no address", func(w *surveys.Workspace) { w.ReplyTo = "help" }, []string{"reply_to email"}},
		{"another language", func(w *surveys.Workspace) { w.Locale = "de" }, []string{"locale locale"}},
		{"as many segments as may be", func(w *surveys.Workspace) { w.Segments = keys(surveys.MaxSegmentKeys) }, nil},
		{"a segment too many", func(w *surveys.Workspace) { w.Segments = keys(surveys.MaxSegmentKeys + 1) }, []string{"segments segments_many"}},
		{"a segment twice", func(w *surveys.Workspace) { w.Segments = []string{"plan", "country", "plan"} }, []string{"segments segment_key"}},
		{"a segment that is counted already", func(w *surveys.Workspace) { w.Segments = []string{"channel"} }, []string{"segments segment_key"}},
		{"a segment in capitals", func(w *surveys.Workspace) { w.Segments = []string{"Plan"} }, []string{"segments segment_key"}},
		{"the largest logo", func(w *surveys.Workspace) {
			w.Logo, w.LogoType = make([]byte, surveys.MaxLogoBytes), "image/webp"
		}, nil},
		{"a logo too large", func(w *surveys.Workspace) {
			w.Logo, w.LogoType = make([]byte, surveys.MaxLogoBytes+1), "image/png"
		}, []string{"logo logo_size"}},
		{"a logo that can hold a script", func(w *surveys.Workspace) { w.Logo, w.LogoType = []byte("<svg>"), "image/svg+xml" }, []string{"logo logo_type"}},
		{"everything wrong is told at once", func(w *surveys.Workspace) { w.Name, w.Color, w.Locale = "", "red", "" }, []string{"name required", "color color", "locale locale"}},
	} {
		w := surveys.Workspace{Name: "Northwind", Color: "#0b7a75", TimeZone: "Europe/Berlin", Locale: "en", Segments: []string{"plan"}}
		c.change(&w)
		checked, err := w.Check()
		if got := codes(err); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: %q, want %q", c.name, got, c.wrong)
		}
		if checked.Color != strings.ToLower(w.Color) {
			t.Errorf("%s: the colour is %q", c.name, checked.Color)
		}
	}
}

func TestZoneOfAWorkspace(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{"Asia/Kolkata": "Asia/Kolkata", "UTC": "UTC", "Moon/Tycho": "UTC", "": "UTC"} {
		if got := (surveys.Workspace{TimeZone: zone}).Location().String(); got != want {
			t.Errorf("the zone of %q is %s, want %s", zone, got, want)
		}
	}
}

func TestUserLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		user  surveys.User
		wrong []string
	}{
		{"with a language", surveys.User{Email: " Ada@Example.com ", Name: " Ada ", Role: surveys.Owner, Locale: "zh-Hans"}, nil},
		{"without a name", surveys.User{Email: "ada@example.com", Role: surveys.Viewer}, nil},
		{"without an address", surveys.User{Role: surveys.Agent}, []string{"email email"}},
		{"without a role", surveys.User{Email: "ada@example.com"}, []string{"role role"}},
		{"with a role that is none", surveys.User{Email: "ada@example.com", Role: "root"}, []string{"role role"}},
		{"with another language", surveys.User{Email: "ada@example.com", Role: surveys.Agent, Locale: "zh"}, []string{"locale locale"}},
		{"with a long name", surveys.User{Email: "ada@example.com", Role: surveys.Agent, Name: runes(81)}, []string{"name too_long"}},
	} {
		u, err := c.user.Check()
		if got := codes(err); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: %q, want %q", c.name, got, c.wrong)
		}
		if err == nil && (u.Email != "ada@example.com" || strings.TrimSpace(u.Name) != u.Name) {
			t.Errorf("%s: kept as %q %q", c.name, u.Email, u.Name)
		}
	}
}

func TestAPIKeyLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		key   surveys.APIKey
		wrong []string
	}{
		{"every scope", surveys.APIKey{Name: " Shop ", Scopes: surveys.Scopes()}, nil},
		{"no scope", surveys.APIKey{Name: "Shop"}, []string{"scopes required"}},
		{"a scope that is none", surveys.APIKey{Name: "Shop", Scopes: []surveys.Scope{surveys.ScopeRead, "write"}}, []string{"scopes scope"}},
		{"no name", surveys.APIKey{Name: " ", Scopes: []surveys.Scope{surveys.ScopeRead}}, []string{"name required"}},
		{"a name too long", surveys.APIKey{Name: runes(81), Scopes: []surveys.Scope{surveys.ScopeRead}}, []string{"name too_long"}},
	} {
		key, err := c.key.Check()
		if got := codes(err); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: %q, want %q", c.name, got, c.wrong)
		}
		if err == nil && key.Name != "Shop" {
			t.Errorf("%s: the name is kept as %q", c.name, key.Name)
		}
	}
}

func TestTextLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field string
		text  func(length int) surveys.Text
		max   int
	}{
		{"ask", func(n int) surveys.Text { return surveys.Text{Ask: runes(n)} }, 300},
		{"low", func(n int) surveys.Text { return surveys.Text{Low: runes(n)} }, 60},
		{"high", func(n int) surveys.Text { return surveys.Text{High: runes(n)} }, 60},
		{"follow_up", func(n int) surveys.Text { return surveys.Text{FollowUp: runes(n)} }, 200},
		{"thank_you", func(n int) surveys.Text { return surveys.Text{ThankYou: runes(n)} }, 1000},
	} {
		for length, want := range map[int][]string{0: nil, 1: nil, c.max: nil, c.max + 1: {"texts.en." + c.field + " too_long"}} {
			s := surveys.Survey{Name: "x", Metric: surveys.NPS, Status: surveys.SurveyActive, Question: surveys.Question{Texts: map[string]surveys.Text{"en": c.text(length)}}}
			checked, err := s.Check()
			if got := codes(err); !slices.Equal(got, want) {
				t.Errorf("%s of %d characters: %q, want %q", c.field, length, got, want)
			}
			if _, kept := checked.Question.Texts["en"]; kept != (length > 0) {
				t.Errorf("%s of %d characters: a text is kept: %t", c.field, length, kept)
			}
		}
	}
}

func TestPersonLabel(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]surveys.Person{
		"Ada":             {Name: "Ada", Email: "ada@example.com", ExternalID: "7"},
		"ada@example.com": {Email: "ada@example.com", ExternalID: "7"},
		"7":               {ExternalID: "7"},
		"–":               {ID: "0198"},
	} {
		if got := p.Label(); got != want {
			t.Errorf("%+v is called %q, want %q", p, got, want)
		}
	}
}

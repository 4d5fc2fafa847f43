package surveys_test

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/harkhq/hark/surveys"
)

func TestSurveyCheck(t *testing.T) {
	t.Parallel()
	fine := surveys.Survey{Name: " NPS ", Subject: " coffee ", Metric: surveys.NPS, Status: surveys.SurveyActive}
	for _, c := range []struct {
		name  string
		edit  func(s *surveys.Survey)
		wrong []string
	}{
		{"fine", func(*surveys.Survey) {}, nil},
		{"no name", func(s *surveys.Survey) { s.Name = "\t" }, []string{"name required"}},
		{"a long subject", func(s *surveys.Survey) { s.Subject = strings.Repeat("咖", 81) }, []string{"subject too_long"}},
		{"no UTF-8", func(s *surveys.Survey) { s.Name = "a\xff" }, []string{"name utf8"}},
		{"a zero byte", func(s *surveys.Survey) { s.Name = "a\x00b" }, []string{"name utf8"}},
		{"an unknown metric", func(s *surveys.Survey) { s.Metric = "mood" }, []string{"metric metric"}},
		{"an unknown status", func(s *surveys.Survey) { s.Status = "" }, []string{"status status"}},
		{"wrong texts, in order", func(s *surveys.Survey) {
			s.Question.Texts = map[string]surveys.Text{
				"zh-Hans": {Low: strings.Repeat("低", 61)}, "tlh": {Ask: "nuq"}, "en": {Ask: strings.Repeat("a", 301), FollowUp: strings.Repeat("b", 201)},
			}
		}, []string{"texts.en.ask too_long", "texts.en.follow_up too_long", "texts.tlh locale", "texts.zh-Hans.low too_long"}},
	} {
		s := fine
		c.edit(&s)
		checked, err := s.Check()
		if got := fieldsOf(t, err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if c.wrong == nil && (checked.Name != "NPS" || checked.Subject != "coffee") {
			t.Errorf("%s: not trimmed: %+v", c.name, checked)
		}
	}
	s := fine
	s.Question.Texts = map[string]surveys.Text{"en": {Ask: " How? ", ThankYou: "Thanks\n"}, "zh-Hans": {Ask: "  "}}
	checked, err := s.Check()
	want := map[string]surveys.Text{"en": {Ask: "How?", ThankYou: "Thanks"}}
	if err != nil || !reflect.DeepEqual(checked.Question.Texts, want) {
		t.Errorf("the texts are %+v, %v, want %+v", checked.Question.Texts, err, want)
	}
}

func TestSameQuestion(t *testing.T) {
	t.Parallel()
	texts := func(en surveys.Text) surveys.Question {
		return surveys.Question{Texts: map[string]surveys.Text{"en": en}}
	}
	for _, c := range []struct {
		name string
		a, b surveys.Question
		same bool
	}{
		{"nothing", surveys.Question{}, surveys.Question{Version: 2}, true},
		{"an empty text", surveys.Question{}, texts(surveys.Text{}), true},
		{"another thank-you", texts(surveys.Text{Ask: "How?"}), texts(surveys.Text{Ask: "How?", ThankYou: "Bye", FollowUp: "Why?"}), true},
		{"another question", texts(surveys.Text{Ask: "How?"}), texts(surveys.Text{Ask: "Why?"}), false},
		{"another low end", texts(surveys.Text{Low: "bad"}), texts(surveys.Text{}), false},
		{"another high end", texts(surveys.Text{}), texts(surveys.Text{High: "good"}), false},
		{"another language", texts(surveys.Text{}), surveys.Question{Texts: map[string]surveys.Text{"zh-Hans": {Ask: "好吗？"}}}, false},
	} {
		if c.a.SameQuestion(c.b) != c.same || c.b.SameQuestion(c.a) != c.same {
			t.Errorf("%s: want %v", c.name, c.same)
		}
	}
}

func TestEventCheck(t *testing.T) {
	t.Parallel()
	now := monday()
	for _, c := range []struct {
		name  string
		event surveys.Event
		wrong []string
	}{
		{"fine", surveys.Event{Type: " order_completed ", ExternalID: " 7 ", OccurredAt: now}, nil},
		{"dots and digits", surveys.Event{Type: "order.v2_done", OccurredAt: now}, nil},
		{"a clock that runs fast", surveys.Event{Type: "a", OccurredAt: now.Add(surveys.EventLead)}, nil},
		{"old, and kept", surveys.Event{Type: "a", OccurredAt: now.AddDate(-29, 0, 0)}, nil},
		{"no type", surveys.Event{Type: "  ", OccurredAt: now}, []string{"type required"}},
		{"a type in words", surveys.Event{Type: "Order Completed", OccurredAt: now}, []string{"type event_type"}},
		{"a long type", surveys.Event{Type: strings.Repeat("a", 65), OccurredAt: now}, []string{"type event_type"}},
		{"a long id", surveys.Event{Type: "a", ExternalID: strings.Repeat("7", 201), OccurredAt: now}, []string{"id too_long"}},
		{"the future", surveys.Event{Type: "a", OccurredAt: now.Add(surveys.EventLead + time.Second)}, []string{"occurred_at future"}},
		{"milliseconds taken for seconds", surveys.Event{Type: "a", OccurredAt: time.Unix(now.UnixMilli(), 0)}, []string{"occurred_at future"}},
		{"seconds taken for milliseconds", surveys.Event{Type: "a", OccurredAt: time.UnixMilli(now.Unix())}, []string{"occurred_at ancient"}},
		{"no time", surveys.Event{Type: "a"}, []string{"occurred_at ancient"}},
		{"large properties", surveys.Event{Type: "a", OccurredAt: now, Properties: map[string]any{"x": strings.Repeat("x", surveys.MaxJSONBytes)}}, []string{"properties too_large"}},
		{"a zero byte", surveys.Event{Type: "a", OccurredAt: now, Properties: map[string]any{"x": []any{"a\x00"}}}, []string{"properties utf8"}},
		{"what looks like one", surveys.Event{Type: "a", OccurredAt: now, Properties: map[string]any{"x": `a\u0000`}}, nil},
		{"no JSON", surveys.Event{Type: "a", OccurredAt: now, Properties: map[string]any{"x": math.NaN()}}, []string{"properties json"}},
	} {
		checked, wrong := c.event.Check(now)
		if got := paths(wrong); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if checked.ExternalID != strings.TrimSpace(checked.ExternalID) {
			t.Errorf("%s: not trimmed: %+v", c.name, checked)
		}
	}
}

func TestPersonCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		person surveys.Person
		wrong  []string
	}{
		{"by address", surveys.Person{Email: " Ada@Example.com "}, nil},
		{"by id", surveys.Person{ExternalID: " 7 "}, nil},
		{"nobody", surveys.Person{Name: "Ada", Email: " ", ExternalID: " "}, []string{"person person"}},
		{"no address", surveys.Person{Email: "ada"}, []string{"person.email email"}},
		{"a long id", surveys.Person{ExternalID: strings.Repeat("7", 201)}, []string{"person.id too_long"}},
		{"a long name", surveys.Person{ExternalID: "7", Name: strings.Repeat("a", 201)}, []string{"person.name too_long"}},
		{"a long locale", surveys.Person{ExternalID: "7", Locale: strings.Repeat("a", 36)}, []string{"person.locale too_long"}},
		{"a zone", surveys.Person{ExternalID: "7", TimeZone: "Asia/Kathmandu"}, nil},
		{"no zone", surveys.Person{ExternalID: "7", TimeZone: "Mars/Olympus"}, []string{"person.timezone timezone"}},
		{"the server's zone", surveys.Person{ExternalID: "7", TimeZone: "Local"}, []string{"person.timezone timezone"}},
		{"large traits", surveys.Person{ExternalID: "7", Traits: map[string]any{"x": strings.Repeat("x", surveys.MaxJSONBytes)}}, []string{"person.traits too_large"}},
	} {
		checked, wrong := c.person.Check("person.")
		if got := paths(wrong); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if c.wrong == nil && (checked.Email != surveys.NormalEmail(checked.Email) || checked.ExternalID != strings.TrimSpace(checked.ExternalID)) {
			t.Errorf("%s: not in normal form: %+v", c.name, checked)
		}
	}
}

func TestPersonMerge(t *testing.T) {
	t.Parallel()
	old := surveys.Person{ID: "1", ExternalID: "7", Email: "ada@example.com", Name: "Ada", Traits: map[string]any{"plan": "free", "country": "DE"}}
	got := old.Merge(surveys.Person{ID: "2", Name: "Ada L.", Locale: "en", Traits: map[string]any{"plan": "pro", "country": nil, "seats": 3}})
	want := surveys.Person{ID: "1", ExternalID: "7", Email: "ada@example.com", Name: "Ada L.", Locale: "en", Traits: map[string]any{"plan": "pro", "seats": 3}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("merged %+v\nwant %+v", got, want)
	}
	if old.Traits["plan"] != "free" || len(old.Traits) != 2 {
		t.Errorf("the old traits changed: %v", old.Traits)
	}
	for label, p := range map[string]surveys.Person{
		"Ada": {Name: "Ada", Email: "a@b.co"}, "a@b.co": {Email: "a@b.co", ExternalID: "7"}, "7": {ExternalID: "7"}, "–": {},
	} {
		if got := p.Label(); got != label {
			t.Errorf("the label is %q, want %q", got, label)
		}
	}
}

func TestSegmentsOf(t *testing.T) {
	t.Parallel()
	r := surveys.Response{Channel: surveys.ChannelMail, Version: 3}
	got := surveys.SegmentsOf(r,
		[]string{"plan", "country", "seats", "big", "share", "paid", "list", "none", "blank", "long", "dirty", "nan", "absent"},
		map[string]any{"plan": " pro ", "seats": 12.0, "big": 1234567.0, "share": 0.25, "list": []any{"a"}, "none": nil, "blank": "  ", "nan": math.NaN()},
		map[string]any{"plan": "free", "country": "DE", "paid": true, "blank": "second", "undeclared": "x", "long": strings.Repeat("长", 100), "dirty": "a\x00\xffb"})
	want := map[string]string{
		"channel": "mail", "version": "3", "plan": "pro", "country": "DE", "seats": "12", "big": "1234567", "share": "0.25", "paid": "true",
		"blank": "second", "long": strings.Repeat("长", 80), "dirty": "ab",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the segments are %v\nwant %v", got, want)
	}
}

// TestDay counts days where they are 23, 24 and 25 hours long, and where zones
// stand at half and quarter hours.
func TestDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, at, day string }{
		{"UTC", "1970-01-01T00:00:00Z", "1970-01-01"},
		{"UTC", "1969-12-31T23:59:59Z", "1969-12-31"},
		{"Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"},
		{"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"}, // the day of 23 hours begins
		{"Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"},
		{"Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"},
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25"}, // the day of 25 hours begins
		{"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"},
		{"Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"},
		{"America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"},
		{"America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"},
		{"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04"}, // a day without a midnight
		{"Asia/Kolkata", "2026-03-01T18:29:59Z", "2026-03-01"},
		{"Asia/Kolkata", "2026-03-01T18:30:00Z", "2026-03-02"},
		{"Asia/Kathmandu", "2026-03-01T18:14:59Z", "2026-03-01"},
		{"Asia/Kathmandu", "2026-03-01T18:15:00Z", "2026-03-02"},
		{"Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05"},
		{"Pacific/Kiritimati", "2026-03-01T10:00:00Z", "2026-03-02"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"}, // which had no 30 December
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := surveys.DayStart(surveys.Day(at, zone)).Format(time.DateOnly); got != c.day {
			t.Errorf("%s in %s is %s, want %s", c.at, c.zone, got, c.day)
		}
	}
}

func TestResponseCheck(t *testing.T) {
	t.Parallel()
	now := monday()
	for _, c := range []struct {
		name     string
		response surveys.Response
		wrong    []string
	}{
		{"fine", surveys.Response{Score: 7, Comment: " good ", AnsweredAt: now}, nil},
		{"a long comment", surveys.Response{Score: 7, Comment: strings.Repeat("好", surveys.MaxCommentRunes+1), AnsweredAt: now}, []string{"comment too_long"}},
		{"a score of another metric", surveys.Response{Score: 8, AnsweredAt: now}, []string{"score score"}},
		{"the future", surveys.Response{Score: 1, AnsweredAt: now.Add(time.Hour)}, []string{"answered_at future"}},
		{"no time", surveys.Response{Score: 1}, []string{"answered_at ancient"}},
	} {
		checked, wrong := c.response.Check(surveys.CES, now)
		if got := paths(wrong); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if checked.Comment != strings.TrimSpace(checked.Comment) {
			t.Errorf("%s: not trimmed", c.name)
		}
	}
}

func TestWorkspaceCheck(t *testing.T) {
	t.Parallel()
	fine := surveys.Workspace{Name: " Northwind ", Color: "#0B7A75", TimeZone: "Europe/Berlin", Locale: "en", Segments: []string{"plan", "country"}}
	many := make([]string, surveys.MaxSegmentKeys+1)
	for i := range many {
		many[i] = "k" + strings.Repeat("x", i)
	}
	for _, c := range []struct {
		name  string
		edit  func(w *surveys.Workspace)
		wrong []string
	}{
		{"fine", func(*surveys.Workspace) {}, nil},
		{"no name", func(w *surveys.Workspace) { w.Name = "" }, []string{"name required"}},
		{"a long address", func(w *surveys.Workspace) { w.Address = strings.Repeat("a", 301) }, []string{"address too_long"}},
		{"a colour in words", func(w *surveys.Workspace) { w.Color = "teal" }, []string{"color color"}},
		{"a colour that ends the style", func(w *surveys.Workspace) { w.Color = "#fff;}" }, []string{"color color"}},
		{"no zone", func(w *surveys.Workspace) { w.TimeZone = "" }, []string{"timezone timezone"}},
		{"the server's zone", func(w *surveys.Workspace) { w.TimeZone = "Local" }, []string{"timezone timezone"}},
		{"a path for a zone", func(w *surveys.Workspace) { w.TimeZone = "../../etc/passwd" }, []string{"timezone timezone"}},
		{"no reply address", func(w *surveys.Workspace) { w.ReplyTo = "nobody" }, []string{"reply_to email"}},
		{"an unknown language", func(w *surveys.Workspace) { w.Locale = "tlh" }, []string{"locale locale"}},
		{"a key of Hark's", func(w *surveys.Workspace) { w.Segments = []string{surveys.SegmentChannel} }, []string{"segments segment_key"}},
		{"a key twice", func(w *surveys.Workspace) { w.Segments = []string{"plan", "plan"} }, []string{"segments segment_key"}},
		{"a key with a capital", func(w *surveys.Workspace) { w.Segments = []string{"Plan"} }, []string{"segments segment_key"}},
		{"many keys", func(w *surveys.Workspace) { w.Segments = many }, []string{"segments segments_many"}},
		{"a large logo", func(w *surveys.Workspace) { w.Logo = make([]byte, surveys.MaxLogoBytes+1) }, []string{"logo logo_size"}},
		{"a logo that is a program", func(w *surveys.Workspace) { w.Logo, w.LogoType = []byte("<svg"), "image/svg+xml" }, []string{"logo logo_type"}},
	} {
		w := fine
		c.edit(&w)
		checked, err := w.Check()
		if got := fieldsOf(t, err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, got, c.wrong)
		}
		if c.wrong == nil && (checked.Name != "Northwind" || checked.Color != "#0b7a75") {
			t.Errorf("%s: not in normal form: %+v", c.name, checked)
		}
	}
	if got := fine.Location().String(); got != "Europe/Berlin" {
		t.Errorf("the zone is %s", got)
	}
	if got := (surveys.Workspace{TimeZone: "Mars/Olympus"}).Location(); got != time.UTC {
		t.Errorf("an unknown zone is %s, want UTC", got)
	}
}

func TestRolesAndScopes(t *testing.T) {
	t.Parallel()
	roles := surveys.Roles() // the widest first
	for i, role := range roles {
		for j, least := range roles {
			if got := role.Allows(least); got != (i <= j) {
				t.Errorf("%s allows what needs %s: %v", role, least, got)
			}
		}
		if role.Allows("") || role.Allows("emperor") || surveys.Role("emperor").Allows(role) || surveys.Role("").Allows(role) {
			t.Errorf("%s: an unknown role allows or is allowed", role)
		}
	}
	for _, has := range surveys.Scopes() {
		for _, needs := range surveys.Scopes() {
			key := surveys.APIKey{Scopes: []surveys.Scope{has}}
			if got := key.Allows(needs); got != (has == needs || has == surveys.ScopeAdmin) {
				t.Errorf("a key for %s allows %s: %v", has, needs, got)
			}
		}
	}
	if (surveys.APIKey{}).Allows(surveys.ScopeRead) {
		t.Error("a key without scopes allows to read")
	}
	for _, c := range []struct {
		user  surveys.User
		wrong []string
	}{
		{surveys.User{Email: " Ada@Example.com ", Role: surveys.Owner}, nil},
		{surveys.User{Email: "ada@example.com", Role: surveys.Viewer, Locale: "zh-Hans"}, nil},
		{surveys.User{Email: "ada", Role: "emperor", Locale: "tlh", Name: strings.Repeat("a", 81)}, []string{"email email", "role role", "locale locale", "name too_long"}},
	} {
		checked, err := c.user.Check()
		if got := fieldsOf(t, err); !reflect.DeepEqual(got, c.wrong) {
			t.Errorf("%+v: %v, want %v", c.user, got, c.wrong)
		}
		if c.wrong == nil && checked.Email != "ada@example.com" {
			t.Errorf("the address is %q", checked.Email)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	zeros := bytes.NewReader(make([]byte, 16))
	token, err := surveys.NewToken(zeros, "abcdefgh")
	if err != nil || token != "abcdefgh"+surveys.Token(strings.Repeat("A", 22)) || token.Workspace() != "abcdefgh" {
		t.Fatalf("the token is %q, %v", token, err)
	}
	if _, err := surveys.NewToken(zeros, "abcdefgh"); err == nil {
		t.Error("a token was drawn from nothing")
	}
	broken := errors.New("no chance left")
	if _, err := surveys.NewKey(iotest.ErrReader(broken), 6); !errors.Is(err, broken) {
		t.Errorf("got %v, want the cause", err)
	}
	for _, shape := range []surveys.Token{"", "abcdefgh", token + "A", token[:29], token[:29] + "=", token[:29] + "\n", token[:29] + "\xc3", "abcdefg/" + token[8:]} {
		if got := shape.Workspace(); got != "" {
			t.Errorf("%q is of the workspace %q", shape, got)
		}
	}
	hashes := make(map[string]surveys.Purpose)
	for _, purpose := range []surveys.Purpose{surveys.PurposeAnswer, surveys.PurposeUnsubscribe, surveys.PurposeSession, surveys.PurposeSignIn, surveys.PurposeAPIKey, surveys.PurposeShare} {
		hash := string(token.Hash(purpose))
		if other, taken := hashes[hash]; taken || len(hash) != 32 {
			t.Errorf("%s and %s have the hash %x", purpose, other, hash)
		}
		hashes[hash] = purpose
	}
	survey := surveys.Survey{Key: "12345678", ID: "id", Metric: surveys.NPS}
	ws, key, ok := surveys.SplitPublicID(survey.PublicID("abcdefgh"))
	if ws != "abcdefgh" || key != "12345678" || !ok {
		t.Errorf("the public id splits into %q, %q, %v", ws, key, ok)
	}
	for _, id := range []string{"", "abcdefgh", "abcdefgh123456789"} {
		if _, _, ok := surveys.SplitPublicID(id); ok {
			t.Errorf("%q is taken for a public id", id)
		}
	}
}

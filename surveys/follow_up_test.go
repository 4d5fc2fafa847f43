package surveys

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func place(n int) *int { return &n }

// asking is an NPS survey with a follow-up of each kind.
func asking(more ...FollowUp) Survey {
	words := map[string]FollowUpText{"en": {Ask: "And this?"}}
	choices := []Choice{{"price", map[string]string{"en": "The price"}}, {"coffee", map[string]string{"en": "The coffee"}}}
	list := []FollowUp{
		{ID: "why", Kind: FollowUpOne, Choices: choices, Texts: words},
		{ID: "which", Kind: FollowUpMany, Choices: choices, Texts: words, Show: Show{Bands: []Band{Detractor}}},
		{ID: "taste", Kind: FollowUpScale, Scale: RatingFive, Texts: words},
		{ID: MainComment, Kind: FollowUpComment},
		{ID: "contact", Kind: FollowUpContact, Show: Show{After: "taste", To: place(2)}},
	}
	return Survey{Name: "Asking", Metric: NPS, Status: SurveyActive, Question: Question{Version: 1, FollowUps: append(list, more...)}}
}

func TestFollowUpsAreChecked(t *testing.T) {
	t.Parallel()
	words := map[string]FollowUpText{"en": {Ask: " Why? "}}
	comment := func(id string, show Show) FollowUp {
		return FollowUp{ID: id, Kind: FollowUpComment, Texts: words, Show: show}
	}
	many := make([]FollowUp, 6)
	for i := range many {
		many[i] = comment("more_"+string(rune('a'+i)), Show{})
	}
	for _, c := range []struct {
		name string
		more []FollowUp
		want []string // path:code, none when it is right
	}{
		{"as it is", nil, nil},
		{"one more", []FollowUp{comment("more", Show{})}, nil},
		{"eleven", many, []string{"follow_ups:follow_ups_many"}},
		{"an id twice", []FollowUp{comment("why", Show{})}, []string{"follow_ups.5.id:follow_up_twice"}},
		{"no id", []FollowUp{comment("", Show{})}, []string{"follow_ups.5.id:follow_up_id"}},
		{"an id that is no word", []FollowUp{comment("Why not", Show{})}, []string{"follow_ups.5.id:follow_up_id"}},
		{"no such kind", []FollowUp{{ID: "x", Kind: "stars", Texts: words}}, []string{"follow_ups.5.kind:follow_up_kind"}},
		{"nothing asked", []FollowUp{{ID: "x", Kind: FollowUpComment}}, []string{"follow_ups.5.texts:required"}},
		{"a language that nobody has", []FollowUp{{ID: "x", Kind: FollowUpComment, Texts: map[string]FollowUpText{"tlh": {Ask: "?"}}}}, []string{"follow_ups.5.texts.tlh:locale"}},
		{"a question that is too long", []FollowUp{{ID: "x", Kind: FollowUpComment, Texts: map[string]FollowUpText{"en": {Ask: strings.Repeat("x", 301)}}}}, []string{"follow_ups.5.texts.en.ask:too_long"}},
		{"one choice", []FollowUp{{ID: "x", Kind: FollowUpOne, Texts: words, Choices: []Choice{{"a", map[string]string{"en": "A"}}}}}, []string{"follow_ups.5.choices:choices_number"}},
		{"a choice twice", []FollowUp{{ID: "x", Kind: FollowUpOne, Texts: words, Choices: []Choice{{"a", map[string]string{"en": "A"}}, {"a", map[string]string{"en": "B"}}}}}, []string{"follow_ups.5.choices.1.id:follow_up_twice"}},
		{"a choice without words", []FollowUp{{ID: "x", Kind: FollowUpMany, Texts: words, Choices: []Choice{{"a", map[string]string{"en": "A"}}, {"b", nil}}}}, []string{"follow_ups.5.choices.1.texts:required"}},
		{"no scale", []FollowUp{{ID: "x", Kind: FollowUpScale, Texts: words}}, []string{"follow_ups.5.scale:driver_scale"}},
		{"another metric's band", []FollowUp{comment("x", Show{Bands: []Band{Hard}})}, []string{"follow_ups.5.show.bands.0:band"}},
		{"after one of its choices", []FollowUp{comment("x", Show{After: "why", Choices: []string{"price"}})}, nil},
		{"after a choice that is not there", []FollowUp{comment("x", Show{After: "why", Choices: []string{"tea"}})}, []string{"follow_ups.5.show.choices.0:show_choice"}},
		{"after no choice", []FollowUp{comment("x", Show{After: "why"})}, []string{"follow_ups.5.show.choices:required"}},
		{"after a number", []FollowUp{comment("x", Show{After: "taste", From: place(4)})}, nil},
		{"after no number", []FollowUp{comment("x", Show{After: "taste"})}, []string{"follow_ups.5.show.from:required"}},
		{"after a number beyond the scale", []FollowUp{comment("x", Show{After: "taste", From: place(6)})}, []string{"follow_ups.5.show.from:show_never"}},
		{"from above to", []FollowUp{comment("x", Show{After: "taste", From: place(4), To: place(2)})}, []string{"follow_ups.5.show.from:show_never"}},
		{"after itself", []FollowUp{comment("x", Show{After: "x"})}, []string{"follow_ups.5.show.after:show_later"}},
		{"after a later one", []FollowUp{comment("x", Show{After: "y", Choices: []string{"a"}}), comment("y", Show{})}, []string{"follow_ups.5.show.after:show_later"}},
		{"after one that is not there", []FollowUp{comment("x", Show{After: "z", Choices: []string{"a"}})}, []string{"follow_ups.5.show.after:show_unknown"}},
		{"after words", []FollowUp{comment("x", Show{After: MainComment, Choices: []string{"a"}})}, []string{"follow_ups.5.show.after:show_words"}},
		{"after one that hangs on another", []FollowUp{comment("x", Show{After: "contact", Choices: []string{"a"}})}, []string{"follow_ups.5.show.after:show_deep"}},
		{"by band and after another", []FollowUp{comment("x", Show{After: "why", Choices: []string{"price"}, Bands: []Band{Promoter}})}, []string{"follow_ups.5.show.bands:show_both"}},
	} {
		checked, err := asking(c.more...).Check()
		var got []string
		for _, f := range fieldsOf(err) {
			got = append(got, f.Path+":"+f.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if err == nil && len(c.more) > 0 && checked.Question.FollowUps[5].Texts["en"].Ask != "Why?" {
			t.Errorf("%s: the words are not trimmed", c.name)
		}
	}
}

func TestDeadEndOfAStyle(t *testing.T) {
	t.Parallel()
	s := Survey{Name: "Thumbs", Metric: CSAT, Status: SurveyActive, Question: Question{Version: 1, Style: StyleThumbs, FollowUps: []FollowUp{
		{ID: MainComment, Kind: FollowUpComment, Show: Show{Bands: []Band{Neutral}}},
	}}}
	if _, err := s.Check(); !hasField(err, "follow_ups.0.show.bands", "show_never") {
		t.Errorf("a thumb is never neutral: %v", err)
	}
}

func hasField(err error, path, code string) bool {
	return slices.ContainsFunc(fieldsOf(err), func(f FieldError) bool { return f.Path == path && f.Code == code })
}

func TestVisible(t *testing.T) {
	t.Parallel()
	s := asking()
	for _, c := range []struct {
		name    string
		score   int
		answers map[string]Answer
		want    []string
	}{
		{"nothing known", Unscored, nil, []string{"why", "taste", "comment"}},
		{"a promoter", 9, nil, []string{"why", "taste", "comment"}},
		{"a detractor", 3, nil, []string{"why", "which", "taste", "comment"}},
		{"a good taste", 9, map[string]Answer{"taste": {Value: place(3)}}, []string{"why", "taste", "comment"}},
		{"a bad taste", 9, map[string]Answer{"taste": {Value: place(2)}}, []string{"why", "taste", "comment", "contact"}},
	} {
		var got []string
		for _, f := range s.Visible(c.score, c.answers) {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	old := Survey{Metric: NPS}.Visible(Unscored, nil)
	if len(old) != 1 || old[0].ID != MainComment {
		t.Errorf("a survey that says nothing asks for %v", old)
	}
	if none := (Survey{Metric: NPS, Question: Question{FollowUps: []FollowUp{}}}).Visible(9, nil); len(none) != 0 {
		t.Errorf("a survey without follow-ups asks for %v", none)
	}
}

func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	s := asking()
	for _, c := range []struct {
		name  string
		score int
		sent  map[string]Answer
		kept  []string
		want  []string
	}{
		{"none", 9, nil, nil, nil},
		{"a choice", 9, map[string]Answer{"why": {Choices: []string{"price"}}}, []string{"why"}, nil},
		{"two of one", 9, map[string]Answer{"why": {Choices: []string{"price", "coffee"}}}, []string{"why"}, []string{"answers.why.choices:choice_one"}},
		{"two of many", 3, map[string]Answer{"which": {Choices: []string{"coffee", "price"}}}, []string{"which"}, nil},
		{"a choice of another", 9, map[string]Answer{"why": {Choices: []string{"tea"}}}, nil, []string{"answers.why.choices.0:choice"}},
		{"what is not asked of a promoter", 9, map[string]Answer{"which": {Choices: []string{"coffee"}}}, nil, nil},
		{"a number", 9, map[string]Answer{"taste": {Value: place(5)}}, []string{"taste"}, nil},
		{"a number beyond the scale", 9, map[string]Answer{"taste": {Value: place(6)}}, []string{"taste"}, []string{"answers.taste.value:score"}},
		{"a permission", 9, map[string]Answer{"taste": {Value: place(1)}, "contact": {Allowed: true, Email: "ada@example.com"}}, []string{"contact", "taste"}, nil},
		{"a permission without an address", 9, map[string]Answer{"taste": {Value: place(1)}, "contact": {Allowed: true, Email: "ada"}}, []string{"contact", "taste"}, []string{"answers.contact.email:email"}},
		{"nothing that anybody asked", 9, map[string]Answer{"who": {Text: "Me"}}, nil, []string{"answers.who:answer_unknown"}},
		{"the main comment, which is the response's", 9, map[string]Answer{"comment": {Text: "Me"}}, nil, []string{"answers.comment:answer_unknown"}},
		{"an empty one", 9, map[string]Answer{"why": {}}, nil, nil},
	} {
		kept, wrong := s.CheckAnswers(c.score, c.sent)
		var ids, codes []string
		for id := range kept {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, f := range wrong {
			codes = append(codes, f.Path+":"+f.Code)
		}
		if !slices.Equal(ids, c.kept) || !slices.Equal(codes, c.want) {
			t.Errorf("%s: kept %v, wrong %v; want %v, %v", c.name, ids, codes, c.kept, c.want)
		}
	}
	kept, _ := s.CheckAnswers(3, map[string]Answer{"which": {Choices: []string{"coffee", "price"}}})
	if got := kept["which"].Choices; !slices.Equal(got, []string{"price", "coffee"}) {
		t.Errorf("the choices are in the order %v, want that of the question", got)
	}
}

func TestStyles(t *testing.T) {
	t.Parallel()
	for style, want := range map[Style][]int{StyleNumbers: {1, 2, 3, 4, 5}, StyleStars: {1, 2, 3, 4, 5}, StyleSmileys: {1, 2, 3, 4, 5}, StyleThreeFaces: {1, 3, 5}, StyleThumbs: {1, 5}} {
		s := Survey{Name: "S", Metric: CSAT, Status: SurveyActive, Question: Question{Style: style}}
		if _, err := s.Check(); err != nil || !slices.Equal(s.Choices(), want) {
			t.Errorf("%q offers %v (%v), want %v", style, s.Choices(), err, want)
		}
	}
	for _, s := range []Survey{{Metric: NPS, Question: Question{Style: StyleStars}}, {Metric: CSAT, Question: Question{Style: "hearts"}}} {
		s.Name, s.Status = "S", SurveyActive
		if _, err := s.Check(); !hasField(err, "style", "style") {
			t.Errorf("%s as %q: %v", s.Metric, s.Question.Style, err)
		}
	}
}

func TestDeclaredFields(t *testing.T) {
	t.Parallel()
	s := Survey{Name: "S", Metric: NPS, Status: SurveyActive, Fields: []string{"order", "plan"}}
	if _, err := s.Check(); err != nil {
		t.Fatal(err)
	}
	sent := map[string]string{"order": " 17\x00 ", "plan": strings.Repeat("ж", 300), "admin": "1"}
	got := s.Declared(func(name string) string { return sent[name] })
	if len(got) != 2 || got["order"] != "17" || got["plan"] != strings.Repeat("ж", MaxFieldRunes) {
		t.Errorf("kept %v", got)
	}
	for _, c := range []struct {
		fields []string
		path   string
		code   string
	}{
		{[]string{"order", "order"}, "fields.1", "field_named_twice"}, {[]string{"Order"}, "fields.0", "field_name"},
		{[]string{"score"}, "fields.0", "field_reserved"}, {make([]string, 21), "fields", "fields_many"},
	} {
		s.Fields = c.fields
		if _, err := s.Check(); !hasField(err, c.path, c.code) {
			t.Errorf("%v: %v", c.fields, err)
		}
	}
}

func TestSurveyThanksAreChecked(t *testing.T) {
	t.Parallel()
	s := Survey{Name: "S", Metric: NPS, Status: SurveyActive}
	for _, c := range []struct {
		name   string
		thanks map[Band]ThankYou
		path   string
		code   string
	}{
		{"a link", map[Band]ThankYou{Promoter: {Link: " https://reviews.example/northwind "}}, "", ""},
		{"words", map[Band]ThankYou{Detractor: {Texts: map[string]ThankYouText{"en": {Text: "We are sorry.", Link: "Talk to us"}}}}, "", ""},
		{"a script", map[Band]ThankYou{Promoter: {Link: "javascript:alert(1)"}}, "thanks.promoter.link", "thanks_link"},
		{"another metric's band", map[Band]ThankYou{Easy: {Link: "https://a.example"}}, "thanks.easy", "band"},
		{"a language that nobody has", map[Band]ThankYou{Promoter: {Texts: map[string]ThankYouText{"tlh": {Text: "x"}}}}, "thanks.promoter.texts.tlh", "locale"},
	} {
		s.Thanks = c.thanks
		checked, err := s.Check()
		if c.code == "" && (err != nil || len(checked.Thanks) != 1) || c.code != "" && !hasField(err, c.path, c.code) {
			t.Errorf("%s: %+v, %v", c.name, checked.Thanks, err)
		}
	}
}

// fieldsOf are the fields that an error names.
func fieldsOf(err error) []FieldError {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	return e.Fields
}

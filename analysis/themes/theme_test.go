package themes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// wrongs writes field errors as "path code".
func wrongs(fields []surveys.FieldError) string {
	var all []string
	for _, f := range fields {
		all = append(all, strings.TrimSpace(f.Path+" "+f.Code))
	}
	return strings.Join(all, ", ")
}

func TestThemeCheck(t *testing.T) {
	t.Parallel()
	many := make([]string, MaxKeywords+1)
	for i := range many {
		many[i] = fmt.Sprintf("word%d", i)
	}
	for _, c := range []struct {
		name  string
		theme Theme
		want  string
	}{
		{"in order", Theme{"delivery", "Delivery", []string{"late", "deliver*", "-late fee", "物流"}}, ""},
		{"no id", Theme{"", "Delivery", []string{"late"}}, "id theme_id"},
		{"id in capitals", Theme{"Delivery", "Delivery", []string{"late"}}, "id theme_id"},
		{"the id that means none", Theme{NoTheme, "None", []string{"late"}}, "id theme_id"},
		{"empty name", Theme{"a", "  ", []string{"late"}}, "name required"},
		{"long name", Theme{"a", strings.Repeat("长", MaxNameRunes+1), []string{"late"}}, "name too_long"},
		{"name just not too long", Theme{"a", strings.Repeat("长", MaxNameRunes), []string{"late"}}, ""},
		{"name of broken bytes", Theme{"a", "\xff", []string{"late"}}, "name utf8"},
		{"no keyword", Theme{"a", "A", nil}, "keywords theme_keywords_none"},
		{"blank lines only", Theme{"a", "A", []string{"", "  "}}, "keywords theme_keywords_none"},
		{"exclusions only", Theme{"a", "A", []string{"-late fee"}}, "keywords theme_keywords_only_not"},
		{"too many", Theme{"a", "A", many}, "keywords theme_keywords_many"},
		{"twice", Theme{"a", "A", []string{"Late", "on time", "late"}}, "keywords.2 theme_keyword_twice"},
		{"twice in another width", Theme{"a", "A", []string{"app", "ＡＰＰ"}}, "keywords.1 theme_keyword_twice"},
		{"twice in traditional characters", Theme{"a", "A", []string{"态度", "態度"}}, "keywords.1 theme_keyword_twice"},
		{"a word and its exclusion differ", Theme{"a", "A", []string{"late", "-late"}}, ""},
		{"a word and its beginning differ", Theme{"a", "A", []string{"late", "late*"}}, ""},
		{"punctuation only", Theme{"a", "A", []string{"late", "?!"}}, "keywords.1 theme_keyword_empty"},
		{"an address", Theme{"a", "A", []string{"www.example.com"}}, "keywords.0 theme_keyword_empty"},
		{"too long", Theme{"a", "A", []string{strings.Repeat("a", MaxKeywordRunes+1)}}, "keywords.0 too_long"},
		{"too many words", Theme{"a", "A", []string{strings.Repeat("a ", MaxKeywordWords+1)}}, "keywords.0 theme_keyword_words"},
		{"too many characters", Theme{"a", "A", []string{strings.Repeat("慢", MaxKeywordWords+1)}}, "keywords.0 theme_keyword_words"},
		{"beginning too short", Theme{"a", "A", []string{"de*"}}, "keywords.0 theme_keyword_prefix"},
		{"broken bytes", Theme{"a", "A", []string{"late\xff"}}, "keywords.0 utf8"},
		{"places are those that were given", Theme{"a", "A", []string{"", "late", "??"}}, "keywords.2 theme_keyword_empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, fields := c.theme.Check(); wrongs(fields) != c.want {
				t.Errorf("%+v: %q, want %q", c.theme, wrongs(fields), c.want)
			}
		})
	}
}

func TestThemeCheckTrims(t *testing.T) {
	t.Parallel()
	got, wrong := Theme{"a", " Late things ", []string{"  late   again ", "", "物流"}}.Check()
	if len(wrong) > 0 || got.Name != "Late things" || strings.Join(got.Keywords, "|") != "late again|物流" {
		t.Errorf("%+v %v", got, wrong)
	}
}

func TestCheckSet(t *testing.T) {
	t.Parallel()
	one := func(id, name string) Theme { return Theme{id, name, []string{"late"}} }
	for _, c := range []struct {
		name   string
		themes []Theme
		want   string
	}{
		{"none", nil, ""},
		{"side by side", []Theme{one("a", "A"), one("b", "B")}, ""},
		{"same id", []Theme{one("a", "A"), one("a", "B")}, "1.id exists"},
		{"same name in another case", []Theme{one("a", "Late"), one("b", "LATE ")}, "1.name exists"},
		{"fields of the second", []Theme{one("a", "A"), {"b", "", nil}}, "1.name required, 1.keywords theme_keywords_none"},
		{"too many", make([]Theme, MaxThemes+1), "themes_many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, fields := CheckSet(c.themes); wrongs(fields) != c.want {
				t.Errorf("%q, want %q", wrongs(fields), c.want)
			}
		})
	}
}

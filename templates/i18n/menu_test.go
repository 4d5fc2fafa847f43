package i18n

import (
	"cmp"
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestLanguageMenuIsSortedAsPeopleLook(t *testing.T) {
	t.Parallel()
	want := RespondentLanguages()
	slices.SortFunc(want, func(a, b Language) int { return cmp.Compare(norm.NFD.String(a.Name), norm.NFD.String(b.Name)) })
	if got := LanguageMenu(); !slices.Equal(got, want) {
		t.Errorf("the menu is %v, want %v", got, want)
	}
}

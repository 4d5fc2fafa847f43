package surveys_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func rating(key string) surveys.Driver {
	return surveys.Driver{Key: key, Names: map[string]string{"en": "Something"}, Scale: surveys.RatingFive}
}

func TestDriversAreChecked(t *testing.T) {
	t.Parallel()
	var many []surveys.Driver
	for i := range 16 {
		many = append(many, rating(fmt.Sprintf("d%d", i)))
	}
	for name, c := range map[string]struct {
		drivers []surveys.Driver
		want    []string // path code
	}{
		"none":              {nil, nil},
		"good ones":         {[]surveys.Driver{rating("delivery"), rating("price")}, nil},
		"fifteen":           {many[:15], nil},
		"sixteen":           {many, []string{"drivers drivers_many"}},
		"a capital":         {[]surveys.Driver{rating("Delivery")}, []string{"drivers.0.key driver_key"}},
		"no key":            {[]surveys.Driver{rating("")}, []string{"drivers.0.key driver_key"}},
		"a long key":        {[]surveys.Driver{rating(strings.Repeat("a", 41))}, []string{"drivers.0.key driver_key"}},
		"the longest key":   {[]surveys.Driver{rating(strings.Repeat("a", 40))}, nil},
		"a comma":           {[]surveys.Driver{rating("a,b")}, []string{"drivers.0.key driver_key"}},
		"twice":             {[]surveys.Driver{rating("a"), rating("a")}, []string{"drivers.1.key driver_twice"}},
		"no name":           {[]surveys.Driver{{Key: "a", Scale: surveys.RatingFive}}, []string{"drivers.0.names required"}},
		"a name of spaces":  {[]surveys.Driver{{Key: "a", Names: map[string]string{"en": "  "}, Scale: surveys.RatingFive}}, []string{"drivers.0.names required"}},
		"a long name":       {[]surveys.Driver{{Key: "a", Names: map[string]string{"en": strings.Repeat("x", 41)}, Scale: surveys.RatingFive}}, []string{"drivers.0.names.en too_long"}},
		"a strange locale":  {[]surveys.Driver{{Key: "a", Names: map[string]string{"xx": "X"}, Scale: surveys.RatingFive}}, []string{"drivers.0.names.xx locale"}},
		"an unknown scale":  {[]surveys.Driver{{Key: "a", Names: map[string]string{"en": "A"}, Scale: "1-6"}}, []string{"drivers.0.scale driver_scale"}},
		"two wrong at once": {[]surveys.Driver{rating("A"), {Key: "b", Names: map[string]string{"en": "B"}}}, []string{"drivers.0.key driver_key", "drivers.1.scale driver_scale"}},
	} {
		_, err := surveys.Survey{Name: "Shop", Metric: surveys.NPS, Status: surveys.SurveyActive, Drivers: c.drivers}.Check()
		var got []string
		var failed *surveys.Error
		if errors.As(err, &failed) {
			for _, f := range failed.Fields {
				got = append(got, f.Path+" "+f.Code)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestRatingsAreHeldAgainstTheirScale(t *testing.T) {
	t.Parallel()
	s := surveys.Survey{Drivers: []surveys.Driver{rating("delivery"), {Key: "price", Scale: surveys.RatingEleven}, {Key: "staff", Scale: surveys.RatingSeven}}}
	for _, c := range []struct {
		key   string
		value int
		want  string
	}{
		{"delivery", 1, ""}, {"delivery", 5, ""}, {"delivery", 0, "ratings.delivery rating"}, {"delivery", 6, "ratings.delivery rating"}, {"delivery", -1, "ratings.delivery rating"},
		{"price", 0, ""}, {"price", 10, ""}, {"price", 11, "ratings.price rating"},
		{"staff", 7, ""}, {"staff", 8, "ratings.staff rating"},
		{"taste", 3, "ratings.taste rating_unknown"}, {"", 3, "ratings. rating_unknown"},
	} {
		got := ""
		for _, f := range s.CheckRatings(map[string]int{c.key: c.value}) {
			got = f.Path + " " + f.Code
		}
		if got != c.want {
			t.Errorf("%s=%d: %q, want %q", c.key, c.value, got, c.want)
		}
	}
	if wrong := (surveys.Survey{}).CheckRatings(map[string]int{"a": 1}); len(wrong) != 1 || wrong[0].Code != "rating_none" {
		t.Errorf("a survey without drivers: %v", wrong)
	}
}

func TestRatingScalesHaveAGoodEnd(t *testing.T) {
	t.Parallel()
	for _, name := range surveys.RatingScales() {
		scale, known := name.Scale()
		if !known || string(name) != fmt.Sprintf("%d-%d", scale.Min, scale.Max) || scale.GoodTo != scale.Max || scale.GoodFrom <= (scale.Min+scale.Max)/2 {
			t.Errorf("%s is %+v", name, scale)
		}
	}
	if _, known := surveys.RatingScale("2-3").Scale(); known {
		t.Error("2-3 is a scale")
	}
}

func TestADriverIsCalledByAnotherLanguagesNameRatherThanByItsKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names  map[string]string
		locale string
		want   string
	}{
		{map[string]string{"en": "Price", "zh-Hans": "价格"}, "zh-Hans", "价格"},
		{map[string]string{"en": "Price"}, "zh-Hans", "Price"},
		{map[string]string{"zh-Hans": "价格"}, "en", "价格"},
		{nil, "en", "price"},
	} {
		if got := (surveys.Driver{Key: "price", Names: c.names}).Name(c.locale); got != c.want {
			t.Errorf("%v in %s: %q, want %q", c.names, c.locale, got, c.want)
		}
	}
}

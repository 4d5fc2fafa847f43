package surveys_test

import (
	"reflect"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestParseSegment(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]surveys.Segment{
		"plan:pro":  {Key: "plan", Value: "pro"},
		"plan:a:b":  {Key: "plan", Value: "a:b"},
		"plan: 名 ":  {Key: "plan", Value: " 名 "},
		"":          {},
		"plan":      {},
		"plan:":     {},
		":pro":      {},
		":":         {},
		"plan pro:": {},
	} {
		got, ok := surveys.ParseSegment(text)
		if ok != (want != surveys.Segment{}) || ok && got != want {
			t.Errorf("%q is %+v, %v", text, got, ok)
		}
		if ok && got.String() != text {
			t.Errorf("%q is written %q", text, got)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	pro, free, german := surveys.Segment{Key: "plan", Value: "pro"}, surveys.Segment{Key: "plan", Value: "free"}, surveys.Segment{Key: "country", Value: "DE"}
	all := surveys.Filters{pro, german, free}
	for name, c := range map[string]struct{ got, want any }{
		"keys":               {all.Keys(), []string{"plan", "country"}},
		"values":             {all.Values("plan"), []string{"pro", "free"}},
		"values of another":  {all.Values("nope"), []string(nil)},
		"one more":           {surveys.Filters{pro}.With(german), surveys.Filters{pro, german}},
		"one that is there":  {all.With(german), all},
		"one less":           {all.Without(pro), surveys.Filters{german, free}},
		"one less of others": {surveys.Filters{pro}.Without(free), surveys.Filters{pro}},
		"only one of a key":  {all.Only(free), surveys.Filters{german, free}},
		"only one of others": {surveys.Filters{german}.Only(free), surveys.Filters{german, free}},
		"of a key":           {all.Of("plan"), surveys.Filters{pro, free}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if !reflect.DeepEqual(all, surveys.Filters{pro, german, free}) {
		t.Errorf("the filters were changed: %v", all)
	}
}

package words

import (
	"reflect"
	"testing"
)

func TestSet(t *testing.T) {
	t.Parallel()
	parts := map[string]Part{"survey": {Text: "*a* {b}", Address: "/surveys/1"}, "event": {Text: "order", Code: true}}
	cases := []struct {
		name, text string
		want       Sentence
	}{
		{"empty", "", nil},
		{"words", "All of it.", Sentence{{Text: "All of it."}}},
		{"strong", "Up: *real.* Yes.", Sentence{{Text: "Up: "}, {Text: "real.", Strong: true}, {Text: " Yes."}}},
		{"strong at the end", "*real*", Sentence{{Text: "real", Strong: true}}},
		{"parts", "{event} asks {survey}.", Sentence{{Text: "order", Code: true}, {Text: " asks "}, {Text: "*a* {b}", Address: "/surveys/1"}, {Text: "."}}},
		{"part within strong", "*{event}!*", Sentence{{Text: "order", Code: true, Strong: true}, {Text: "!", Strong: true}}},
		{"unknown part", "a {c} b", Sentence{{Text: "a "}, {Text: "{c}"}, {Text: " b"}}},
		{"open brace", "a { b", Sentence{{Text: "a { b"}}},
		{"one asterisk", "a * b", Sentence{{Text: "a "}, {Text: " b", Strong: true}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Set(c.text, parts); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

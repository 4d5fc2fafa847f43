package words

import (
	"reflect"
	"testing"
)

func TestSet(t *testing.T) {
	t.Parallel()
	parts := map[string]Part{"survey": {Text: "*a* {b}", Address: "/surveys/1"}, "event": {Text: "order", Code: true}, "key": {Text: "套餐"}}
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
		{"link", "Up on the [90 days before](survey): *real.*", Sentence{{Text: "Up on the "}, {Text: "90 days before", Address: "/surveys/1"}, {Text: ": "}, {Text: "real.", Strong: true}}},
		{"link within strong", "*[all of it](survey)!*", Sentence{{Text: "all of it", Address: "/surveys/1", Strong: true}, {Text: "!", Strong: true}}},
		{"link of nothing", "the [90 days](none).", Sentence{{Text: "the "}, {Text: "90 days"}, {Text: "."}}},
		{"link around a part", "[{event}](survey)", Sentence{{Text: "order", Code: true, Address: "/surveys/1"}}},
		{"Chinese among Chinese", "按 {key} 为", Sentence{{Text: "按"}, {Text: "套餐"}, {Text: "为"}}},
		{"Chinese beside English", "为 {event} 的", Sentence{{Text: "为 "}, {Text: "order", Code: true}, {Text: " 的"}}},
		{"brackets", "a [b] (c) d", Sentence{{Text: "a [b] (c) d"}}},
		{"open link", "a [b](c", Sentence{{Text: "a [b](c"}}},
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

package themes

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"pgregory.net/rapid"
)

// pile is comments of one theme: mostly late deliveries, some praise.
func pile() []Comment {
	all := []Comment{
		{"1", "The parcel was late again and nobody told me why", Negative},
		{"2", "The parcel was late again and nobody told me why", Negative},
		{"3", "My parcel came a week late, and the tracking never moved", Negative},
		{"4", "Late", Negative},
		{"5", "Late parcel, write to me at ana@example.com or call", Negative},
		{"6", "The parcel with number 4711 0815 99 was late and wet", Negative},
		{"7", "Quick delivery, the parcel came the next morning, thank you", Positive},
		{"8", "The driver was friendly and the parcel dry in the rain", Positive},
		{"9", strings.Repeat("The parcel was late and I waited. ", 100), Negative},
		{"10", "???", Negative},
		{"11", "The courier left my late parcel behind the bins without a note", Negative},
		{"12", "I waited all day for the parcel, and then it was late by four days", Negative},
	}
	return all
}

func ids(all []Comment) string {
	var found []string
	for _, c := range all {
		found = append(found, c.ID)
	}
	return strings.Join(found, " ")
}

func TestChoose(t *testing.T) {
	t.Parallel()
	got := golden.Must(Choose(pile(), 4, analysis.Limits{}))
	if len(got) != 4 {
		t.Fatalf("chose %s", ids(got))
	}
	positive := 0
	for _, c := range got {
		if strings.Contains(" 2 4 5 6 9 10 ", " "+c.ID+" ") {
			t.Errorf("%s is chosen: %.40q", c.ID, c.Text)
		}
		if c.Tone == Positive {
			positive++
		}
	}
	if got[0].Tone != Negative || positive != 1 {
		t.Errorf("of four, %d praise, first %+v", positive, got[0])
	}
	if one := golden.Must(Choose(pile(), 1, analysis.Limits{})); one[0] != got[0] {
		t.Errorf("the first of one is %s, of four %s", ids(one), ids(got))
	}
	if again := golden.Must(Choose(pile(), 4, analysis.Limits{})); !reflect.DeepEqual(again, got) {
		t.Errorf("%s, then %s", ids(got), ids(again))
	}
}

func TestChooseHides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		n    int
		hide int64
		some bool
	}{{"four", 4, 0, false}, {"five", 5, 0, true}, {"nine of ten", 9, 10, false}, {"none", 0, 0, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := golden.Must(Choose(pile()[:c.n], 3, analysis.Limits{Hide: c.hide})); (got != nil) != c.some {
				t.Errorf("chose %s", ids(got))
			}
		})
	}
	if _, err := Choose(pile(), -1, analysis.Limits{}); err == nil {
		t.Error("less than no comment was chosen")
	}
}

// Chinese is as readable as it is, characters count half a word.
func TestChooseChinese(t *testing.T) {
	t.Parallel()
	var all []Comment
	for i, text := range []string{"物流太慢了，等了一个星期才到", "慢", "快递员把箱子扔在雨里，里面都湿了", "客服电话１３８００１３８０００打不通", "物流信息一直不更新，也没人通知", "配送很准时，快递员态度也好"} {
		all = append(all, Comment{fmt.Sprint(i), text, Negative})
	}
	got := golden.Must(Choose(all, 9, analysis.Limits{}))
	if len(got) != 4 || strings.Contains(ids(got), "1") || strings.Contains(ids(got), "3") {
		t.Errorf("chose %s", ids(got))
	}
}

// Whatever is written, no more than asked is chosen, and nothing twice.
func TestChooseTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []Comment
		for i, text := range rapid.SliceOf(rapid.String()).Draw(t, "texts") {
			all = append(all, Comment{fmt.Sprint(i), text, rapid.SampledFrom([]Tone{ToneUnknown, Negative, Positive}).Draw(t, "tone")})
		}
		most := rapid.IntRange(0, 5).Draw(t, "most")
		got := golden.Must(Choose(all, most, analysis.Limits{}))
		seen := map[string]bool{}
		for _, c := range got {
			if seen[c.ID] {
				t.Fatalf("%s twice", c.ID)
			}
			seen[c.ID] = true
		}
		if len(got) > most || len(all) < 5 && got != nil {
			t.Fatalf("%d of %d chosen", len(got), len(all))
		}
	})
}

func TestPointsAtSomebody(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"call me on 0171 555 0123":         true,
		"call me on (020) 7946-0958":       true,
		"order 4711081":                    true,
		"订单号４７１１０８１":                       true,
		"write to ana@example.com":         true,
		"ana＠example.com":                  true,
		"two bags of 250 g and 1 of 500 g": false,
		"delivered at 10:30, 2 days late":  false,
		"10/10":                            false,
		"£3.95 for one":                    false,
		"meet @ noon":                      false,
		"@":                                false,
		"":                                 false,
	} {
		if got := pointsAtSomebody(text); got != want {
			t.Errorf("%q points at somebody: %t", text, got)
		}
	}
}

// A sentence or two reads best; a word, an essay and a keyboard's noise do not.
func TestReadability(t *testing.T) {
	t.Parallel()
	of := func(text string) float64 { return readability(scan(text), text) }
	sentence, word, long := of("The parcel came a week late and wet"), of("late parcel"), of(strings.Repeat("late ", 100))
	if sentence != 1 || of("快递晚了一个星期才送到") != 5.5/6 || of("快递晚了一个星期才送到，都湿了") != 1 {
		t.Errorf("a sentence reads %v", sentence)
	}
	if !(word > 0 && word < sentence) || !(long > 0 && long < sentence) {
		t.Errorf("two words read %v, a hundred %v", word, long)
	}
	for _, text := range []string{"", "late", "?!", "很慢", strings.Repeat("late ", 201)} {
		if got := of(text); got != 0 {
			t.Errorf("%.20q reads %v", text, got)
		}
	}
}

// What says nearly the same is not shown twice, though it says what most say.
func TestChooseSaysEachThingOnce(t *testing.T) {
	t.Parallel()
	var all []Comment
	for i, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"} {
		all = append(all, Comment{fmt.Sprint(i), "The parcel came a whole week late and wet on " + day, Negative})
	}
	all = append(all, Comment{"other", "Nobody at the hotline knew where my order was", Negative})
	if got := golden.Must(Choose(all, 4, analysis.Limits{})); len(got) != 2 || got[1].ID != "other" {
		t.Errorf("chose %s", ids(got))
	}
}

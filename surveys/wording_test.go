package surveys

import (
	"slices"
	"testing"
	"time"
)

// wordings are four versions, a day apart: the third only asks more beside the
// score, the fourth draws stars.
func wordings() Wordings {
	start := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	ask := func(text string) map[string]Text { return map[string]Text{"en": {Ask: text}} }
	what := FollowUp{ID: "what", Kind: FollowUpOne}
	return Wordings{
		{Question{Version: 1, Texts: ask("Good?")}, start},
		{Question{Version: 2, Texts: ask("How good?"), FollowUps: []FollowUp{what, {ID: "rate", Kind: FollowUpScale, Scale: RatingFive}}}, start.AddDate(0, 0, 1)},
		{Question{Version: 3, Texts: ask("How good?"), FollowUps: []FollowUp{{ID: "why", Kind: FollowUpComment}}}, start.AddDate(0, 0, 2)},
		{Question{Version: 4, Texts: ask("How good?"), Style: StyleStars}, start.AddDate(0, 0, 3)},
	}
}

func TestRewordings(t *testing.T) {
	t.Parallel()
	w := wordings()
	day := func(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name     string
		from, to time.Time
		want     []int
	}{
		{"always", time.Time{}, day(30), []int{2, 4}},
		{"the first version is no change", day(1), day(2), nil},
		{"within", day(2), day(3), []int{2}},
		{"before", time.Time{}, day(1), nil},
		{"only follow-ups changed", day(3), day(4), nil},
	} {
		var got []int
		for _, wording := range w.Rewordings(c.from, c.to) {
			got = append(got, wording.Version)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if q, known := w.Of(3); !known || q.FollowUps[0].ID != "why" {
		t.Errorf("version 3 is %+v, %t", q, known)
	}
	if _, known := w.Of(9); known {
		t.Error("there is a version 9")
	}
}

// TestIDsKeepTheirKinds: what was removed may come back, but as what it was.
func TestIDsKeepTheirKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		f    FollowUp
		want string
	}{
		{"a new one", FollowUp{ID: "new", Kind: FollowUpScale, Scale: RatingSeven}, ""},
		{"one of before that comes back", FollowUp{ID: "what", Kind: FollowUpOne}, ""},
		{"of another kind", FollowUp{ID: "what", Kind: FollowUpMany}, "follow_ups.0.kind follow_up_kind_fixed"},
		{"of another kind than in the version before last", FollowUp{ID: "why", Kind: FollowUpContact}, "follow_ups.0.kind follow_up_kind_fixed"},
		{"on another scale", FollowUp{ID: "rate", Kind: FollowUpScale, Scale: RatingEleven}, "follow_ups.0.scale follow_up_scale_fixed"},
	} {
		var got string
		for _, field := range wordings().CheckIDs(Question{FollowUps: []FollowUp{c.f}}) {
			got += field.Path + " " + field.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

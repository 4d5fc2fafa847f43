package analysis

import (
	"errors"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestCompareYearAgo(t *testing.T) {
	t.Parallel()
	then, now := npsCounts(10, 20, 70), npsCounts(30, 30, 40)
	days := []DayCounts{
		{today - 1, now},                   // unsorted: the newest first
		{today - 372, npsCounts(99, 0, 0)}, // the Sunday before the week a year ago
		{today - 8, npsCounts(99, 0, 0)},
		{today - 371, npsCounts(5, 10, 35)}, // Monday and
		{today - 366, npsCounts(5, 10, 35)}, // Saturday of the same week, in two rows
	}
	got := golden.Must(CompareYearAgo(surveys.NPS, days, today-7, today, 0.95))
	if want := golden.Must(Compare(surveys.NPS, then, now, 0.95)); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCompareYearAgoRefuses(t *testing.T) {
	t.Parallel()
	_, err := CompareYearAgo(surveys.NPS, []DayCounts{{today - 1, npsCounts(10, 0, 10)}, {today - 365, npsCounts(1, 1, 2)}}, today-7, today, 0.95)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != TooFewAnswers || refusal.Have != 4 || refusal.Need != 5 {
		t.Errorf("four answers then: %v", err)
	}
	if _, err = CompareYearAgo(surveys.NPS, []DayCounts{{today - 1, npsCounts(10, 0, 10)}, {today - 365, npsCounts(1, 1, 3)}}, today-7, today, 0.95); err != nil {
		t.Errorf("five answers then: %v", err)
	}
	_, err = CompareYearAgo(surveys.NPS, nil, today, today, 0.95)
	refusedFor(t, err, "from")
	_, err = CompareYearAgo(surveys.NPS, nil, today-365, today, 0.95)
	refusedFor(t, err, "from")
	_, err = CompareYearAgo(surveys.NPS, nil, today-7, today, 95)
	refusedFor(t, err, "confidence")
	_, err = CompareYearAgo("joy", nil, today-7, today, 0.95)
	refusedFor(t, err, "metric")
	_, err = CompareYearAgo(surveys.NPS, []DayCounts{{today, npsCounts(-1, 0, 0)}}, today-7, today, 0.95)
	refusedFor(t, err, "days")
}

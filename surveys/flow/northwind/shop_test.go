package northwind

import (
	"bytes"
	"image/png"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/harkhq/hark/surveys"
)

func TestLogo(t *testing.T) {
	t.Parallel()
	raw, err := logo()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil || picture.Bounds().Dx() != logoSize || len(raw) > 8<<10 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	if _, _, _, alpha := picture.At(0, 0).RGBA(); alpha != 0 {
		t.Error("the corner is not clear")
	}
	colors := map[uint32]bool{}
	for x := range logoSize {
		r, _, _, _ := picture.At(x, logoSize/2).RGBA()
		colors[r] = true
	}
	if len(colors) < 2 {
		t.Error("the bean cannot be seen")
	}
}

func TestIDsAreUUIDsThatSortByTime(t *testing.T) {
	t.Parallel()
	r, at := rand.New(rand.NewPCG(1, 2)), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	last := ""
	for i := range 1000 {
		id := drawID(r, at.Add(time.Duration(i)*time.Millisecond))
		parsed, err := uuid.Parse(id)
		if err != nil || parsed.Version() != 7 || parsed.Variant() != uuid.RFC4122 || parsed.String() != id {
			t.Fatalf("%q is no UUIDv7: %v", id, err)
		}
		if sec, nsec := parsed.Time().UnixTime(); time.Unix(sec, nsec).Sub(at).Round(time.Millisecond) != time.Duration(i)*time.Millisecond {
			t.Errorf("%q is of %v", id, time.Unix(sec, nsec))
		}
		if id <= last {
			t.Errorf("%q does not come after %q", id, last)
		}
		last = id
	}
}

func TestCalendarKeepsItsStoriesApart(t *testing.T) {
	t.Parallel()
	for month := range 24 {
		now := time.Date(2026, time.Month(1+month), 1+month, month, 30, 0, 0, time.UTC)
		c, err := newCalendar(now)
		if err != nil {
			t.Fatal(err)
		}
		if surveys.Day(now, c.zone) != c.year.To-1 || c.year.To-c.year.From != 366 {
			t.Errorf("%s: the year is %+v", now, c.year)
		}
		order := []int{c.year.From, c.quiet.From, c.quiet.To, c.drop, c.linked, c.gifts.From, c.gifts.To, c.year.To}
		if !slices.IsSorted(order) {
			t.Errorf("%s: the stories cross: %v", now, order)
		}
		for _, day := range []int{c.drop, c.gifts.From, c.gifts.To, c.quiet.From} {
			if surveys.DayStart(day).Weekday() != time.Monday {
				t.Errorf("%s: day %d is no Monday", now, day)
			}
		}
		for _, day := range c.empty {
			if c.quiet.Has(day) || c.gifts.Has(day) || c.bustle(day, orderWeek()) != 0 {
				t.Errorf("%s: the empty day %d is within another story", now, day)
			}
			if up := c.up(c.at(day, time.Hour)); surveys.Day(up, c.zone) != day+1 {
				t.Errorf("%s: what falls on the empty day %d is moved to %s", now, day, up)
			}
		}
	}
}

func TestCalendarKnowsSummerTime(t *testing.T) {
	t.Parallel()
	c, err := newCalendar(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for date, hour := range map[string]int{"2026-01-15": 9, "2026-06-15": 8} {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if at := c.at(surveys.Day(day, time.UTC), 9*time.Hour); at.Hour() != hour {
			t.Errorf("nine o'clock on %s is %s", date, at)
		}
	}
}

func TestWeeksHaveAMeanOfOne(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]week{"orders": orderWeek(), "tickets": ticketWeek(), "answers": answerWeek()} {
		var sum float64
		for _, part := range w {
			sum += part
		}
		if sum < 6.99 || sum > 7.01 {
			t.Errorf("%s: %.2f days", name, sum)
		}
	}
}

func TestNamesHaveAddresses(t *testing.T) {
	t.Parallel()
	n, r := newNamer(), rand.New(rand.NewPCG(1, 2))
	for _, country := range countryCodes() {
		chinese := 0
		for range 400 {
			drawn := n.draw(r, country)
			if address := drawn.given + "." + drawn.family + "@mail.example"; !surveys.ValidEmail(address) || surveys.NormalEmail(address) != address {
				t.Errorf("%s: the address %q of %q", country, address, drawn.full)
			}
			if drawn.chinese {
				chinese++
			}
		}
		if country == "cn" && chinese < 350 {
			t.Errorf("%d of 400 names in China are Chinese", chinese)
		}
	}
}

func TestSegmentValuesFit(t *testing.T) {
	t.Parallel()
	for key, values := range segmentValues() {
		if len(values) > surveys.MaxSegmentValues || len(values) < 4 {
			t.Errorf("%s has %d values", key, len(values))
		}
	}
}

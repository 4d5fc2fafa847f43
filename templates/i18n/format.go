package i18n

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signs are how a language writes numbers.
type signs struct {
	group   string // between groups of digits
	decimal string
	digits  []rune // zero first
	from    int    // how many digits a number has at least whose digits are grouped
	rest    int    // of each group but the last, which has three
}

// newSigns are those of the catalogue, which has them of Unicode's CLDR.
func newSigns(l *Localizer) signs {
	number := func(key string, usual int) int {
		n, err := strconv.Atoi(l.T(key))
		if err != nil {
			return usual
		}
		return n
	}
	s := signs{group: l.T("format.group"), decimal: l.T("format.decimal"), digits: []rune(l.T("format.digits"))}
	s.from, s.rest = number("format.group_from", 4), number("format.group_rest", 3)
	return s
}

// written are digits as the language has them.
func (s signs) written(digits string) string {
	if len(s.digits) != 10 || s.digits[0] == '0' {
		return digits
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		return s.digits[r-'0']
	}, digits)
}

// minus is the sign that stands as wide and as high as a plus.
const minus = "−"

// Number writes a whole number: 1,234.
func (l *Localizer) Number(n int64) string {
	if n < 0 {
		return minus + l.grouped(strconv.FormatUint(uint64(-n), 10))
	}
	return l.grouped(strconv.FormatInt(n, 10))
}

// Decimal writes x, rounded half away from zero to the given number of places
// after the point (0 to 6): 3.4. What rounds to zero has no sign, and what is
// not a finite number is a dash.
func (l *Localizer) Decimal(x float64, places int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	places = max(0, min(places, 6))
	scale := math.Pow10(places)
	rounded := math.Round(math.Abs(x)*scale) / scale
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(rounded, 'f', places, 64), ".")
	text := l.grouped(whole)
	if fraction != "" {
		text += l.signs.decimal + l.signs.written(fraction)
	}
	if x < 0 && rounded != 0 {
		text = minus + text
	}
	return text
}

// Signed writes x like [Localizer.Decimal], with a plus before what is above
// zero: +3.
func (l *Localizer) Signed(x float64, places int) string {
	text := l.Decimal(x, places)
	if x > 0 && text != l.Decimal(0, places) {
		return "+" + text
	}
	return text
}

// Percent writes a percentage that is already in percent (55, not 0.55), with
// the given number of places after the point: 3.4 %.
func (l *Localizer) Percent(percent float64, places int) string {
	return l.T("format.percent", "n", l.Decimal(percent, places))
}

// Compact writes a count in little room, for charts: 9,860, 12k, 3.4M; 1.2万.
func (l *Localizer) Compact(n int64) string {
	if n < 10_000 {
		return l.Number(n)
	}
	for _, unit := range []string{"3", "2", "1"} {
		size, err := strconv.ParseInt(l.T("format.compact_size."+unit), 10, 64)
		if err != nil || n < size {
			continue
		}
		value, places := float64(n)/float64(size), 0
		if value < 9.95 {
			places = 1
		}
		text := strings.TrimSuffix(l.Decimal(value, places), l.signs.decimal+l.signs.written("0"))
		return text + l.T("format.compact_sign."+unit)
	}
	return l.Number(n)
}

func (l *Localizer) grouped(digits string) string {
	if len(digits) < l.signs.from {
		return l.signs.written(digits)
	}
	head, last := digits[:len(digits)-3], digits[len(digits)-3:]
	groups := []string{last}
	for len(head) > 0 {
		at := max(0, len(head)-l.signs.rest)
		head, groups = head[:at], append(groups, head[at:])
	}
	slices.Reverse(groups)
	return l.signs.written(strings.Join(groups, l.signs.group))
}

// Date writes a day in full: 6 July 2026; 2026年7月6日. The day is the one of
// t's own location; the zero time is a dash.
func (l *Localizer) Date(t time.Time) string { return l.time("format.date", t) }

// ShortDate writes a day without its year, for axes: 6 Jul; 7月6日.
func (l *Localizer) ShortDate(t time.Time) string { return l.time("format.date_short", t) }

// Month writes a month with its year: July 2026; 2026年7月.
func (l *Localizer) Month(t time.Time) string { return l.time("format.month_year", t) }

// ShortMonth writes a month without its year, for axes: Jul; 7月.
func (l *Localizer) ShortMonth(t time.Time) string { return l.time("format.month_only", t) }

// DateTime writes a moment to the minute, in t's own location: 6 July 2026, 14:03.
func (l *Localizer) DateTime(t time.Time) string { return l.time("format.date_time", t) }

func (l *Localizer) time(key string, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return l.T(key,
		"year", l.signs.written(strconv.Itoa(t.Year())),
		"month", l.months[t.Month()-1],
		"month_short", l.monthsS[t.Month()-1],
		"day", l.signs.written(strconv.Itoa(t.Day())),
		"time", l.signs.written(t.Format("15:04")))
}

package table

import (
	"strings"
	"time"
)

// slashed is the form of a date whose day and month are in an open order.
const slashed DateForm = "d/m"

// dateParts are the numbers of a date as they stand in a cell.
type dateParts struct {
	form             DateForm
	a, b             int  // the first two numbers of a slashed date
	dotted           bool // day, month and year are parted by dots: always day first
	year, month, day int
	hour, minute     int
	second, nano     int
	zoned            bool
	offset           int   // seconds east of UTC
	unix             int64 // nanoseconds, for the two unix forms
}

// decided returns the form that a date can only have.
func (p dateParts) decided() (DateForm, bool) {
	switch {
	case p.form != slashed:
		return p.form, true
	case p.dotted, p.a > 12 && p.b <= 12:
		return DayFirst, true
	case p.b > 12 && p.a <= 12:
		return MonthFirst, true
	}
	return slashed, false
}

// order gives a slashed date its day and month.
func (p *dateParts) order(form DateForm) {
	p.form, p.day, p.month = form, p.a, p.b
	if form == MonthFirst {
		p.day, p.month = p.b, p.a
	}
}

// time is the moment; false when there is no such day or time.
func (p dateParts) time(zone *time.Location) (time.Time, bool) {
	if p.form == UnixSeconds || p.form == UnixMillis {
		return time.Unix(p.unix/1e9, p.unix%1e9).UTC(), true
	}
	if p.year < 2 || p.year > 9998 || p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31 || p.hour > 23 || p.minute > 59 || p.second > 60 {
		return time.Time{}, false
	}
	if p.zoned {
		zone = time.UTC
	}
	at := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, min(p.second, 59), p.nano, zone)
	if at.Day() != p.day {
		if date := time.Date(p.year, time.Month(p.month), p.day, 0, 0, 0, 0, time.UTC); date.Day() != p.day {
			return time.Time{}, false
		}
		at = at.Add(time.Hour) // a midnight that the clocks skip: the day begins later
	}
	return at.Add(-time.Duration(p.offset) * time.Second), true
}

// scanner walks over a cell.
type scanner struct {
	text string
	at   int
}

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// skip passes over any of the characters.
func (s *scanner) skip(set string) {
	for s.at < len(s.text) && strings.IndexByte(set, s.text[s.at]) >= 0 {
		s.at++
	}
}

// take passes over one of the texts, in any case, and reports which; -1 for none.
func (s *scanner) take(texts ...string) int {
	for i, text := range texts {
		if rest := s.text[s.at:]; len(rest) >= len(text) && strings.EqualFold(rest[:len(text)], text) {
			s.at += len(text)
			return i
		}
	}
	return -1
}

// number reads up to 18 digits and returns how many there were.
func (s *scanner) number() (n int64, digits int) {
	for s.at < len(s.text) && digits < 19 {
		d := s.text[s.at] - '0'
		if d > 9 {
			break
		}
		n = n*10 + int64(d)
		digits++
		s.at++
	}
	return n, digits
}

// scanDate reads the numbers of a date in any form.
func scanDate(cell string) (dateParts, bool) {
	s := &scanner{text: strings.TrimSpace(cell)}
	var p dateParts
	first, digits := s.number()
	if digits == 0 {
		return p, s.monthFirstName(&p) && s.clock(&p)
	}
	if s.at == len(s.text) || digits > 8 {
		return p, s.plainNumber(&p, first, digits)
	}
	if c := s.peek(); digits == 8 && (c == 'T' || c == ' ') {
		return p, p.compact(first) && s.clock(&p)
	}
	if after := s.text[s.at:]; digits <= 2 && strings.Trim(after[:1], " -.,stndrh") == "" && !digitAt(after, 1) {
		p.day = int(first)
		return p, s.dayFirstName(&p) && s.clock(&p)
	}
	return p, s.three(&p, int(first), digits) && s.clock(&p)
}

func digitAt(text string, at int) bool {
	return at < len(text) && text[at] >= '0' && text[at] <= '9'
}

// plainNumber reads 20260301 and the two unix forms.
func (s *scanner) plainNumber(p *dateParts, n int64, digits int) bool {
	switch digits {
	case 8:
		return p.compact(n)
	case 9, 10:
		p.form, p.unix = UnixSeconds, n*1e9
		return s.fraction(&p.unix, 1e9)
	case 12, 13:
		p.form, p.unix = UnixMillis, n*1e6
		return s.fraction(&p.unix, 1e6)
	}
	return false
}

// fraction adds what stands after a decimal point, if anything does.
func (s *scanner) fraction(to *int64, unit int64) bool {
	if s.peek() == '.' {
		s.at++
		for ; digitAt(s.text, s.at); s.at++ {
			unit /= 10
			*to += int64(s.text[s.at]-'0') * unit
		}
	}
	return s.at == len(s.text)
}

func (p *dateParts) compact(n int64) bool {
	p.form, p.year, p.month, p.day = YearFirst, int(n/10000), int(n/100%100), int(n%100)
	return p.year >= 1900
}

// three reads the rest of a date of three numbers.
func (s *scanner) three(p *dateParts, first, digits int) bool {
	separator := s.take("-", "/", ".", "年")
	if separator < 0 {
		return false
	}
	second, n := s.number()
	if n == 0 || n > 2 || s.take([]string{"-", "/", ".", "月"}[separator]) < 0 {
		return false
	}
	third, n := s.number()
	switch {
	case digits == 4 && n > 0 && n <= 2:
		s.take("日")
		p.form, p.year, p.month, p.day = YearFirst, first, int(second), int(third)
		return true
	case digits <= 2 && (n == 4 || n == 2) && separator != 3:
		p.form, p.a, p.b, p.year, p.dotted = slashed, first, int(second), fullYear(int(third), n), separator == 2
		return true
	}
	return false
}

// fullYear completes a year of two digits, as POSIX does: 69–99 are 19xx.
func fullYear(year, digits int) int {
	switch {
	case digits > 2:
		return year
	case year < 69:
		return 2000 + year
	}
	return 1900 + year
}

// dayFirstName reads the rest of "1 March 2026", "1st Mar 2026", "1-Mar-26".
func (s *scanner) dayFirstName(p *dateParts) bool {
	s.take("st", "nd", "rd", "th")
	s.skip(" -.,")
	return s.month(p) && s.year(p)
}

// monthFirstName reads "March 1, 2026", "Sun Mar 1 2026".
func (s *scanner) monthFirstName(p *dateParts) bool {
	if s.take("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") >= 0 {
		s.skip(" ,")
		if digitAt(s.text, s.at) {
			day, _ := s.number()
			p.day = int(day)
			return s.dayFirstName(p)
		}
	}
	if !s.month(p) {
		return false
	}
	day, digits := s.number()
	p.day = int(day)
	s.take("st", "nd", "rd", "th")
	s.skip(" ,")
	return digits > 0 && digits <= 2 && s.year(p)
}

func (s *scanner) month(p *dateParts) bool {
	long := []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December", "Sept"}
	found := s.take(long...)
	for i := 0; found < 0 && i < 12; i++ {
		if s.take(long[i][:3]) == 0 {
			found = i
		}
	}
	if found == 12 {
		found = 8
	}
	s.skip(" -.,")
	p.form, p.month = MonthName, found+1
	return found >= 0
}

func (s *scanner) year(p *dateParts) bool {
	year, digits := s.number()
	p.year = fullYear(int(year), digits)
	return digits == 4 || digits == 2
}

// clock reads the time of day and the zone that may follow a date.
func (s *scanner) clock(p *dateParts) bool {
	s.skip(" ,")
	s.take("T", "at ")
	if s.at == len(s.text) {
		return true
	}
	hour, digits := s.number()
	if digits == 0 || digits > 2 || s.take(":") < 0 {
		return false
	}
	minute, digits := s.number()
	if digits != 2 {
		return false
	}
	p.hour, p.minute = int(hour), int(minute)
	if s.take(":") == 0 {
		second, digits := s.number()
		if digits != 2 {
			return false
		}
		p.second = int(second)
		s.nanos(p)
	}
	s.skip(" ")
	return s.noon(p) && s.zone(p)
}

func (s *scanner) nanos(p *dateParts) {
	if s.take(".", ",") < 0 {
		return
	}
	unit := 100_000_000
	for ; digitAt(s.text, s.at); s.at++ {
		p.nano += int(s.text[s.at]-'0') * unit
		unit /= 10
	}
}

// noon reads AM and PM.
func (s *scanner) noon(p *dateParts) bool {
	half := s.take("AM", "PM")
	if half < 0 {
		return true
	}
	if p.hour < 1 || p.hour > 12 {
		return false
	}
	p.hour = p.hour%12 + 12*half
	s.skip(" ")
	return true
}

// zone reads Z, UTC, GMT, +02:00, +0200, +02.
func (s *scanner) zone(p *dateParts) bool {
	p.zoned = s.take("Z", "UTC", "GMT") >= 0
	if sign := s.take("+", "-"); sign >= 0 {
		hours, digits := s.number()
		minutes := int64(0)
		switch {
		case digits == 4:
			hours, minutes = hours/100, hours%100
		case digits == 2 && s.take(":") == 0:
			minutes, _ = s.number()
		case digits != 2:
			return false
		}
		if hours > 14 || minutes > 59 {
			return false
		}
		p.zoned, p.offset = true, int(hours*3600+minutes*60)*(1-2*sign)
	}
	return s.at == len(s.text)
}

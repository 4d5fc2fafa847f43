package surveys

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// MaxDrivers is how many drivers a survey may declare. The work of splitting
// a score's variation among them doubles with each.
const MaxDrivers = 15

// Driver is something that answers of a survey rate beside the score, such as
// the delivery or the price, so that the report can say which of them moves
// with it. An answer may rate some, all or none.
type Driver struct {
	Key   string            `json:"key"`   // stable: what ratings are stored and sent under
	Names map[string]string `json:"names"` // by language; a missing one shows another's
	Scale RatingScale       `json:"scale"`
}

// RatingScale names the whole numbers that a driver is rated with, the highest
// being the best.
type RatingScale string

// The scales of ratings.
const (
	RatingFive   RatingScale = "1-5"
	RatingSeven  RatingScale = "1-7"
	RatingEleven RatingScale = "0-10"
)

// RatingScales lists the scales of ratings, the usual one first.
func RatingScales() []RatingScale { return []RatingScale{RatingFive, RatingSeven, RatingEleven} }

// Scale returns the scale's ends and its good band, which is what a report
// counts as happy: 4–5 of five, 5–7 of seven, 8–10 of eleven. It is false for
// what is no scale.
func (s RatingScale) Scale() (Scale, bool) {
	switch s {
	case RatingFive:
		return Scale{Min: 1, Max: 5, Good: Satisfied, Middle: Neutral, Bad: Dissatisfied, GoodFrom: 4, GoodTo: 5, BadFrom: 1, BadTo: 2}, true
	case RatingSeven:
		return Scale{Min: 1, Max: 7, Good: Satisfied, Middle: Neutral, Bad: Dissatisfied, GoodFrom: 5, GoodTo: 7, BadFrom: 1, BadTo: 3}, true
	case RatingEleven:
		return Scale{Min: 0, Max: 10, Good: Satisfied, Middle: Neutral, Bad: Dissatisfied, GoodFrom: 8, GoodTo: 10, BadFrom: 0, BadTo: 4}, true
	}
	return Scale{}, false
}

// Name is what the driver is called in a language, or else in the first
// language that has a name for it.
func (d Driver) Name(locale string) string {
	if name := d.Names[locale]; name != "" {
		return name
	}
	for _, other := range RespondentLocales() {
		if name := d.Names[other]; name != "" {
			return name
		}
	}
	return d.Key
}

var driverKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// DriverKeys lists the keys of a survey's drivers, in the survey's order.
func (s Survey) DriverKeys() []string {
	keys := make([]string, len(s.Drivers))
	for i, d := range s.Drivers {
		keys[i] = d.Key
	}
	return keys
}

// checkDrivers returns the drivers with their names trimmed, or what is wrong.
func checkDrivers(list []Driver) ([]Driver, []FieldError) {
	var wrong []FieldError
	if len(list) > MaxDrivers {
		wrong = append(wrong, FieldError{Path: "drivers", Code: "drivers_many", Args: map[string]any{"max": MaxDrivers}})
	}
	seen := make(map[string]bool, len(list))
	var checked []Driver // nil without any, as the store reads it
	for i, d := range list {
		path := fmt.Sprintf("drivers.%d", i)
		switch {
		case !driverKey.MatchString(d.Key):
			wrong = append(wrong, FieldError{Path: path + ".key", Code: "driver_key"})
		case seen[d.Key]:
			wrong = append(wrong, FieldError{Path: path + ".key", Code: "driver_twice", Args: map[string]any{"key": d.Key}})
		}
		seen[d.Key] = true
		if _, known := d.Scale.Scale(); !known {
			wrong = append(wrong, FieldError{Path: path + ".scale", Code: "driver_scale"})
		}
		names, fields := checkDriverNames(path+".names", d.Names)
		wrong = append(wrong, fields...)
		checked = append(checked, Driver{Key: d.Key, Names: names, Scale: d.Scale})
	}
	return checked, wrong
}

// checkDriverNames trims names, and wants at least one.
func checkDriverNames(path string, sent map[string]string) (map[string]string, []FieldError) {
	var wrong []FieldError
	names := make(map[string]string, len(sent))
	for _, locale := range slices.Sorted(maps.Keys(sent)) {
		name := strings.TrimSpace(sent[locale])
		if !slices.Contains(RespondentLocales(), locale) {
			wrong = append(wrong, foreign(path+"."+locale, RespondentLocales()))
			continue
		}
		wrong = append(wrong, checkLength(path+"."+locale, name, 0, 40)...)
		if name != "" {
			names[locale] = name
		}
	}
	if len(names) == 0 && len(wrong) == 0 {
		wrong = append(wrong, FieldError{Path: path, Code: "required"})
	}
	return names, wrong
}

// CheckRatings reports ratings of what the survey does not declare, and those
// that are not on their scale.
func (s Survey) CheckRatings(ratings map[string]int) []FieldError {
	var wrong []FieldError
	for _, key := range slices.Sorted(maps.Keys(ratings)) {
		wrong = append(wrong, s.CheckRating(key, ratings[key])...)
	}
	return wrong
}

// CheckRating reports one rating that the survey does not take.
func (s Survey) CheckRating(key string, value int) []FieldError {
	path := "ratings." + key
	at := slices.IndexFunc(s.Drivers, func(d Driver) bool { return d.Key == key })
	switch {
	case at < 0 && len(s.Drivers) == 0:
		return []FieldError{{Path: path, Code: "rating_none"}}
	case at < 0:
		return []FieldError{{Path: path, Code: "rating_unknown", Args: map[string]any{"keys": strings.Join(s.DriverKeys(), ", ")}}}
	}
	if scale, known := s.Drivers[at].Scale.Scale(); !known || !scale.Contains(value) {
		return []FieldError{{Path: path, Code: "rating", Args: map[string]any{"min": scale.Min, "max": scale.Max}}}
	}
	return nil
}

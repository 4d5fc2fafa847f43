package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/table"
)

// ratings finds the columns that rate a driver, named rating.delivery or
// rating:delivery, and takes them out of rest.
func ratings(rest []string) (map[string]int, error) {
	found := make(map[string]int)
	for at, name := range rest {
		prefix, key, has := cutRating(name)
		if !has {
			continue
		}
		if before, twice := found[key]; twice {
			return nil, fmt.Errorf("two columns rate %q: %d and %d; leave one out with --map %d=-", key, before+1, at+1, at+1)
		}
		if key == "" {
			return nil, fmt.Errorf("the column %q (%d) names no driver after %q: call it such as rating.delivery, or leave it out with --map %d=-", name, at+1, prefix, at+1)
		}
		found[key] = at
		rest[at] = ""
	}
	return found, nil
}

// cutRating splits a header such as "rating.delivery".
func cutRating(name string) (prefix, key string, has bool) {
	lower := strings.ToLower(strings.TrimSpace(name))
	for _, prefix := range []string{"rating.", "rating:"} {
		if key, has := strings.CutPrefix(lower, prefix); has {
			return prefix, strings.TrimSpace(key), true
		}
	}
	return "", "", false
}

// rate holds the columns of ratings against the survey's drivers. A survey that
// is made for the file gets its columns for drivers, rated from 1 to 5.
func (c *importCommand) rate(plan *flow.ImportPlan, picked chosen) error {
	plan.Ratings = picked.ratings
	keys := make([]string, 0, len(picked.ratings))
	for at := range picked.header { // in the file's order
		for key, column := range picked.ratings {
			if column == at {
				keys = append(keys, key)
			}
		}
	}
	if plan.Create != nil {
		for _, key := range keys {
			plan.Survey.Drivers = append(plan.Survey.Drivers, surveys.Driver{Key: key, Names: map[string]string{plan.Workspace.Locale: driverName(key)}, Scale: surveys.RatingFive})
		}
		if _, err := plan.Survey.Check(); err != nil {
			return fmt.Errorf("the columns of ratings cannot all be drivers of a survey: at most %d, named after rating. with small letters, digits and _; leave others out with --map COLUMN=-", surveys.MaxDrivers)
		}
		return nil
	}
	declared := plan.Survey.DriverKeys()
	for _, key := range keys {
		if slices.Contains(declared, key) {
			continue
		}
		column := picked.header[picked.ratings[key]]
		if len(declared) == 0 {
			return fmt.Errorf("the column %q rates %q, and the survey %q has no drivers: declare them where the survey is edited, or leave the column out with --map %q", column, key, plan.Survey.Name, column+"=-")
		}
		return fmt.Errorf("the column %q rates %q, and the drivers of %q are %s: declare it there, or leave the column out with --map %q", column, key, plan.Survey.Name, table.Quoted(declared), column+"=-")
	}
	return nil
}

// driverName makes a name of a key: delivery_time is Delivery time.
func driverName(key string) string {
	name := []rune(strings.ReplaceAll(key, "_", " "))
	if len(name) > 0 {
		name[0] = unicode.ToUpper(name[0])
	}
	return string(name)
}

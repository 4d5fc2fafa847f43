package store

import (
	"encoding/json"
	"fmt"

	"github.com/harkhq/hark/surveys"
)

// Ratings and drivers that there are none of are NULL in their columns, so that
// the index of rated answers holds those only.

func ratingsOrNone(ratings map[string]int) map[string]int {
	if len(ratings) == 0 {
		return nil
	}
	return ratings
}

func driversOrNone(list []surveys.Driver) []surveys.Driver {
	if len(list) == 0 {
		return nil
	}
	return list
}

// ratingsText is the column of those who write their SQL themselves.
func ratingsText(ratings map[string]int) (*string, error) {
	if len(ratings) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(ratings)
	if err != nil {
		return nil, fmt.Errorf("write the ratings: %w", err)
	}
	text := string(raw)
	return &text, nil
}

// importedRatings are ratings as a [Loader] takes them.
func importedRatings(ratings map[string]int) (any, error) {
	text, err := ratingsText(ratings)
	if err != nil || text == nil {
		return nil, err
	}
	return document(*text), nil
}

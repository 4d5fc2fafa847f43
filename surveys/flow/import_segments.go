package flow

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// segmentCounts are how often a file has each value of a segment key.
type segmentCounts map[string]map[string]int64

// mostValues bounds the values of a key that are counted: those that come
// after them in the file have no place anyway, unless they were admitted before.
const mostValues = 10_000

func (c segmentCounts) add(segments map[string]string) {
	for key, value := range segments {
		if key == surveys.SegmentChannel || key == surveys.SegmentVersion {
			continue
		}
		values := c[key]
		if values == nil {
			values = make(map[string]int64)
			c[key] = values
		}
		if _, known := values[value]; known || len(values) < mostValues {
			values[value]++
		}
	}
}

// frequent lists a key's values, the most frequent first.
func (c segmentCounts) frequent(key string) []string {
	counts := c[key]
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// segmentPlacesOf are the values that are counted under each key.
type segmentPlacesOf map[string]map[string]bool

// put replaces the values that have no place by [surveys.OtherValue].
func (p segmentPlacesOf) put(segments map[string]string) {
	for key, value := range segments {
		if key != surveys.SegmentChannel && key != surveys.SegmentVersion && !p[key][value] {
			segments[key] = surveys.OtherValue
		}
	}
}

// admit gives the file's values their places, the most frequent first, and
// declares its keys. It is a transaction of its own, because a place is taken
// under a lock on which every answer with a new value waits, and the import
// would hold it to its end. Places that an import takes and then fails to use
// show nowhere.
func (i *Imports) admit(ctx context.Context, plan ImportPlan, counts segmentCounts) (segmentPlacesOf, error) {
	places := make(segmentPlacesOf)
	if len(counts) == 0 {
		return places, nil
	}
	err := i.store.InTx(ctx, func(tx *store.Tx) error {
		if err := declare(ctx, tx, plan); err != nil {
			return err
		}
		stored, err := tx.SegmentValues(ctx, plan.Workspace.ID)
		if err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(counts)) {
			places[key] = make(map[string]bool)
			for _, value := range stored[key] {
				places[key][value] = true
			}
			for _, value := range counts.frequent(key) {
				if places[key][value] || value == surveys.OtherValue {
					continue
				}
				admitted, err := tx.AdmitSegmentValue(ctx, plan.Workspace.ID, key, value)
				if err != nil {
					return err
				}
				if !admitted {
					break // nor will those after it
				}
				places[key][value] = true
			}
		}
		return nil
	})
	return places, err
}

// declare adds the file's segment keys to the workspace's.
func declare(ctx context.Context, tx *store.Tx, plan ImportPlan) error {
	w, err := tx.Workspace(ctx, plan.Workspace.ID)
	if err != nil {
		return err
	}
	before := len(w.Segments)
	for _, key := range slices.Sorted(maps.Keys(plan.Segments)) {
		if !slices.Contains(w.Segments, key) {
			w.Segments = append(w.Segments, key)
		}
	}
	if len(w.Segments) == before {
		return nil
	}
	if w, err = w.Check(); err != nil {
		return err
	}
	return tx.UpdateWorkspace(ctx, w)
}

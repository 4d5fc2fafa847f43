package flow

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// CountArgs is the job that takes new invitations into the counts of who was
// asked, and at the first start after an upgrade all that there are.
type CountArgs struct{}

// Kind names the job.
func (CountArgs) Kind() string { return "count_invitations" }

// InsertOpts lets one such job wait or run at a time.
func (CountArgs) InsertOpts() river.InsertOpts { return oneAtATime(countingQueue) }

// countAtOnce is how many invitations are looked up before they are taken in, in
// [steps].
const countAtOnce = 250

// CountInvitations takes all invitations in that are not counted yet. What it is
// counted under is what an answer to it would be: the declared keys that the person
// or the event tells, as they are now, within a minute of the asking.
func CountInvitations(ctx context.Context, s *store.Store) error {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if one := countWorkspace(ctx, s, w); one != nil { // the others are counted all the same
			err = errors.Join(err, fmt.Errorf("count the invitations of workspace %s: %w", w.ID, one))
		}
	}
	return err
}

func countWorkspace(ctx context.Context, s *store.Store, w surveys.Workspace) error {
	places, writing := &segmentPlaces{store: s}, newSteps(s)
	after := ""
	for {
		list, err := s.UncountedInvitations(ctx, w.ID, after, countAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		segments, err := segmentsOfInvited(ctx, s, w, list, places)
		if err != nil {
			return err
		}
		if err := inSteps(ctx, writing, list, func(tx *store.Tx, part []surveys.Invitation) error {
			under := make(map[string]map[string]string, len(part))
			for _, i := range part {
				under[i.ID] = segments[i.ID]
			}
			return tx.CountInvitations(ctx, w, under)
		}); err != nil {
			return err
		}
	}
}

// segmentsOfInvited is what each invitation is counted under. Its channel and its
// question's version are left out: they tell nothing of who was asked.
func segmentsOfInvited(ctx context.Context, s *store.Store, w surveys.Workspace, list []surveys.Invitation, places *segmentPlaces) (map[string]map[string]string, error) {
	var persons, events []string
	for _, i := range list {
		persons, events = append(persons, i.PersonID), append(events, i.EventID)
	}
	people, err := s.PeopleByID(ctx, w.ID, persons)
	if err != nil {
		return nil, err
	}
	happened, err := s.EventsByID(ctx, w.ID, events)
	if err != nil {
		return nil, err
	}
	segments := make(map[string]map[string]string, len(list))
	for _, i := range list {
		told := surveys.SegmentsOf(surveys.Response{Channel: surveys.ChannelMail}, w.Segments, people[i.PersonID].Traits, happened[i.EventID].Properties)
		delete(told, surveys.SegmentChannel)
		delete(told, surveys.SegmentVersion)
		if segments[i.ID], err = places.place(ctx, w.ID, told); err != nil {
			return nil, err
		}
	}
	return segments, nil
}

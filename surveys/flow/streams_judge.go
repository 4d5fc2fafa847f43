package flow

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// judgeStream does what a report means for the stream of its letter. A complaint
// counts, and stops the workspace's mail when there are too many. A receiver that
// does not believe who sends, or wants fewer letters, and says so only after a
// relay had taken the letter, is obeyed as if it had said so at once. What came
// back for good is counted; whether that is too much, [JudgeReturns] says,
// which knows how many left.
func judgeStream(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation, r surveys.Bounce) error {
	switch {
	case r.Class == surveys.BounceComplaint:
		return complain(ctx, tx, w, i, r)
	case r.Slows():
		return restFor(ctx, tx, w, i.Email, surveys.StreamBusy, r.Status)
	case r.Class == surveys.BouncePolicy && surveys.Unproven(r.Status):
		if err := restFor(ctx, tx, w, i.Email, surveys.StreamPolicy, r.Status); err != nil {
			return err
		}
	}
	if !r.Returned() || i.ID == "" {
		return nil
	}
	return returned(ctx, tx, w, i)
}

// restFor lets the stream to an address rest: its group's, or among the others that
// of its domain.
func restFor(ctx context.Context, tx *store.Tx, w surveys.Workspace, email string, cause surveys.StreamCause, why string) error {
	receiver := surveys.ReceiverOf(email)
	if _, domain, found := strings.Cut(surveys.NormalEmail(email), "@"); found && receiver == surveys.Others {
		receiver = surveys.Receiver(domain)
	}
	s, err := tx.LockStream(ctx, w.ID, receiver)
	if err != nil || s.Rests(tx.Now()) {
		return err
	}
	return tx.SaveStream(ctx, s.Rest(cause, why, 0, tx.Now()))
}

// returned counts a letter that came back for good. One that had left before the
// stream was resumed tells of what is known already.
func returned(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation) error {
	receiver := surveys.ReceiverOf(i.Email)
	s, err := tx.LockStream(ctx, w.ID, receiver)
	if err != nil {
		return err
	}
	if s.ResumedAt != nil && i.SentAt != nil && i.SentAt.Before(*s.ResumedAt) {
		s.Before.Bounced++
		if err := tx.SaveStream(ctx, s); err != nil {
			return err
		}
	}
	one := surveys.StreamDay{Receiver: receiver, Day: surveys.StreamDayOf(tx.Now()), StreamSum: surveys.StreamSum{Bounced: 1}}
	return tx.AddStreamDays(ctx, w.ID, []surveys.StreamDay{one})
}

// JudgeReturns lets those groups of receivers rest to which too many letters came
// back for good, and returns their streams. Letters that left must have been counted.
func JudgeReturns(ctx context.Context, s *store.Store, ws surveys.WorkspaceID, stored []surveys.Stream) (rest []surveys.Stream, err error) {
	now := s.Now()
	days, err := s.StreamDays(ctx, ws, surveys.FirstDayOfReturns(now))
	if err != nil {
		return nil, err
	}
	for _, receiver := range surveys.Receivers() {
		stream := surveys.Stream{WorkspaceID: ws, Receiver: receiver}
		if at := slices.IndexFunc(stored, func(s surveys.Stream) bool { return s.Receiver == receiver }); at >= 0 {
			stream = stored[at]
		}
		own := slices.DeleteFunc(slices.Clone(days), func(d surveys.StreamDay) bool { return d.Receiver != receiver })
		if _, stop := surveys.TooManyReturned(own, stream, now); !stop && !stream.Rested(now) {
			continue
		}
		if err := s.InTx(ctx, func(tx *store.Tx) error {
			rests, err := judgeReturns(ctx, tx, stream, own)
			if rests.Cause != "" {
				rest = append(rest, rests)
			}
			return err
		}); err != nil {
			return rest, err
		}
	}
	return rest, nil
}

// judgeReturns judges one stream, as it is now. It returns the stream when it
// begins to rest.
func judgeReturns(ctx context.Context, tx *store.Tx, s surveys.Stream, days []surveys.StreamDay) (surveys.Stream, error) {
	now := tx.Now()
	s, err := tx.LockStream(ctx, s.WorkspaceID, s.Receiver)
	if err != nil || s.Rests(now) {
		return surveys.Stream{}, err
	}
	if s.Rested(now) {
		today := slices.DeleteFunc(slices.Clone(days), func(d surveys.StreamDay) bool { return d.Day != surveys.StreamDayOf(now) })
		return surveys.Stream{}, tx.SaveStream(ctx, s.Resume(sumOf(today, s.Receiver), now))
	}
	counted, stop := surveys.TooManyReturned(days, s, now)
	if !stop {
		return surveys.Stream{}, nil
	}
	s = s.Rest(surveys.StreamReturned, strconv.Itoa(counted.Bounced)+"/"+strconv.Itoa(counted.Sent), 0, now)
	return s, tx.SaveStream(ctx, s)
}

// complain counts a complaint, and stops the workspace's mail when there are too
// many. Of one letter, and of one address within the days that count, several are
// one: providers tell of the same one twice, and whoever has got a letter could
// report it as often as they like.
func complain(ctx context.Context, tx *store.Tx, w surveys.Workspace, i surveys.Invitation, r surveys.Bounce) error {
	now, email := tx.Now(), i.Email
	if n, err := tx.Complaints(ctx, w, email, r.InvitationID, now.AddDate(0, 0, -surveys.DaysOfComplaints)); err != nil || n > 1 {
		return err
	}
	guard, err := tx.LockStream(ctx, w.ID, surveys.AllAtOnce)
	if err != nil {
		return err
	}
	one := surveys.StreamDay{Receiver: surveys.ReceiverOf(email), Day: surveys.StreamDayOf(now), StreamSum: surveys.StreamSum{Complaints: 1}}
	if err := tx.AddStreamDays(ctx, w.ID, []surveys.StreamDay{one}); err != nil {
		return err
	}
	days, err := tx.StreamDays(ctx, w.ID, surveys.FirstStreamDay(now))
	if err != nil {
		return err
	}
	counted, _, stop := surveys.Complained(days, guard, now)
	if !stop || guard.Cause != "" {
		return nil
	}
	guard.Cause, guard.Since, guard.Until, guard.UpdatedAt = surveys.StreamComplaints, now, nil, now
	guard.Why = strconv.Itoa(counted.Complaints) + "/" + strconv.Itoa(counted.Sent)
	return tx.SaveStream(ctx, guard)
}

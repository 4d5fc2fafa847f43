package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// Intake takes in the mail that comes back: reports to a letter's own return
// path, complaints, and mails to the address that stops them. It sends nothing,
// so that no two machines can begin to answer each other.
type Intake struct {
	Bounces *flow.Bounces
	Log     *slog.Logger
}

// Incoming is a mail as its envelope has it.
type Incoming struct {
	From string // "" for the null sender, which reports have
	To   []string
	Body io.Reader // at most [bounce.MaxBytes] of it are read
}

// refusal is a mail that is not taken in, in SMTP's words.
type refusal struct {
	code   int
	status [3]int
	why    string
}

// Error is what the other side is told.
func (r *refusal) Error() string { return r.why }

// The refusals.
var (
	errNobody = &refusal{550, [3]int{5, 1, 1}, "no such address here"}
	errSender = &refusal{550, [3]int{5, 7, 1}, "this address takes delivery reports only, and those have the empty sender"}
	errLoop   = &refusal{554, [3]int{5, 4, 6}, "mail loop"}
	errReport = &refusal{550, [3]int{5, 7, 1}, "this address takes feedback reports (RFC 5965) only"}
)

// Feedback is the local part of the address for complaints that providers send
// to one mailbox for all letters.
const Feedback = "fbl"

// maxHops is how many servers a mail may have passed before it is taken to go
// in a circle.
const maxHops = 30

// known finds whose address a mail comes to: a letter's own, or the mailbox for
// complaints, which is no workspace's yet. Anything else is refused.
func (in *Intake) known(ctx context.Context, to string) (destination, error) {
	local, _, _ := strings.Cut(to, "@")
	if strings.EqualFold(local, Feedback) {
		return destination{feedback: true}, nil
	}
	r, ok := surveys.ParseReturn(to)
	if !ok {
		return destination{}, errNobody
	}
	w, genuine, err := in.Bounces.Genuine(ctx, r)
	if err != nil {
		return destination{}, err
	}
	if !genuine {
		return destination{}, errNobody
	}
	return destination{letter: r, workspace: w}, nil
}

// destination is what an address here stands for.
type destination struct {
	feedback  bool
	letter    surveys.Return
	workspace surveys.Workspace
}

// Receive takes a mail in. What it returns is for the sending server: nil, a
// refusal for good, or an error after which it should try again.
func (in *Intake) Receive(ctx context.Context, mail Incoming) error {
	var places []destination
	for _, to := range mail.To {
		place, err := in.known(ctx, to)
		if err != nil {
			return err
		}
		places = append(places, place)
	}
	if _, own := surveys.ParseReturn(mail.From); own {
		return errLoop // a letter of ours that came to ourselves
	}
	report := bounce.Parse(mail.Body)
	if report.Hops > maxHops {
		return errLoop
	}
	for _, place := range places {
		if err := in.deliver(ctx, place, mail, report); err != nil {
			return err
		}
	}
	return nil
}

// deliver gives a mail to one of its recipients.
func (in *Intake) deliver(ctx context.Context, place destination, mail Incoming, report bounce.Report) error {
	switch {
	case place.feedback:
		return in.complaint(ctx, report)
	case place.letter.Kind == surveys.ReturnUnsubscribe:
		if report.Kind != bounce.Unknown {
			return nil // a machine's word is no wish
		}
		in.Log.InfoContext(ctx, "mail: somebody stopped their mails by a mail", "workspace", place.workspace.ID, "invitation", place.letter.InvitationID)
		return in.Bounces.Unsubscribe(ctx, place.workspace, place.letter.InvitationID)
	case report.Kind == bounce.AutoReply:
		return nil
	case mail.From != "" && report.Kind != bounce.Complaint:
		return errSender
	}
	return in.take(ctx, place.workspace, place.letter.InvitationID, report)
}

// complaint finds the letter that a feedback report is about, by an address of
// ours in it; the person's own is often blacked out.
func (in *Intake) complaint(ctx context.Context, report bounce.Report) error {
	if report.Kind != bounce.Complaint {
		return errReport
	}
	for _, r := range report.Returns {
		w, genuine, err := in.Bounces.Genuine(ctx, r)
		if err != nil {
			return err
		}
		if genuine {
			return in.take(ctx, w, r.InvitationID, report)
		}
	}
	in.Log.WarnContext(ctx, "mail: a complaint leads to no letter of this server")
	return nil
}

func (in *Intake) take(ctx context.Context, w surveys.Workspace, invitationID string, report bounce.Report) error {
	if report.Kind == bounce.Unknown {
		in.Log.InfoContext(ctx, "mail: what came back for a letter could not be read", "workspace", w.ID, "invitation", invitationID)
		return nil
	}
	taken, err := in.Bounces.Take(ctx, w, surveys.Bounce{
		InvitationID: invitationID, Class: report.Class, Status: report.Status, Diagnostic: report.Diagnostic,
		Source: surveys.BounceByMail, Key: report.MessageID,
	})
	if err != nil {
		return fmt.Errorf("take in a report about invitation %s: %w", invitationID, err)
	}
	in.Log.InfoContext(ctx, "mail: a report came back", "workspace", w.ID, "invitation", invitationID, "class", report.Class, "status", report.Status, "new", taken.New, "ended", taken.Ended)
	return nil
}

// Refused reports whether a mail was refused for good, so that trying again is
// of no use.
func Refused(err error) bool {
	var refused *refusal
	return errors.As(err, &refused)
}

package surveys

// Asked counts invitations by what became of them so far. An answer proves that
// the mail arrived, so that one who answered counts as sent whatever a mail server
// said. What is in none of Sent, Bounced, Failed, Suppressed, Cancelled and Expired is
// [Asked.Waiting].
type Asked struct {
	Invited    int64 // all of them
	Sent       int64 // a mail server took it
	Answered   int64 // of those sent; a later erasure of the answer does not undo it
	Failed     int64 // a mail server refused it for good, or too often
	Suppressed int64 // the person had unsubscribed or bounced
	Cancelled  int64 // the survey was not open, or somebody withdrew it
	Expired    int64 // its time passed without a way to send it
	Bounced    int64 // a mail server took it, and it came back
	Clicked    int64 // a person followed a link of it, or answered
	Machines   int64 // a machine did, whoever else
}

// Waiting is how many wait for their time, are on their way, or of a fate that
// nobody knows.
func (a Asked) Waiting() int64 { return a.Invited - a.Sent - a.Unsent() }

// Unsent is how many will never arrive, for any reason.
func (a Asked) Unsent() int64 { return a.Failed + a.Suppressed + a.Cancelled + a.Expired + a.Bounced }

// Accepted is how many letters a mail server took.
func (a Asked) Accepted() int64 { return a.Sent + a.Bounced }

// Handed is how many letters a mail server was given.
func (a Asked) Handed() int64 { return a.Accepted() + a.Failed }

// Add adds b's counts, sign times.
func (a *Asked) Add(b Asked, sign int64) {
	a.Invited += sign * b.Invited
	a.Sent += sign * b.Sent
	a.Answered += sign * b.Answered
	a.Failed += sign * b.Failed
	a.Suppressed += sign * b.Suppressed
	a.Cancelled += sign * b.Cancelled
	a.Expired += sign * b.Expired
	a.Bounced += sign * b.Bounced
	a.Clicked += sign * b.Clicked
	a.Machines += sign * b.Machines
}

// Asked is what the invitation counts.
func (i Invitation) Asked() Asked {
	a := Asked{Invited: 1}
	switch {
	case i.ResponseID != "":
		a.Sent, a.Answered = 1, 1
	case i.State == InvitationSent:
		a.Sent = 1
	case i.State == InvitationFailed:
		a.Failed = 1
	case i.State == InvitationSuppressed:
		a.Suppressed = 1
	case i.State == InvitationCancelled:
		a.Cancelled = 1
	case i.State == InvitationExpired:
		a.Expired = 1
	case i.State == InvitationBounced:
		a.Bounced = 1
	}
	if i.Clicked || i.ResponseID != "" {
		a.Clicked = 1
	}
	if i.Machines {
		a.Machines = 1
	}
	return a
}

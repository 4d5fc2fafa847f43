package main

import (
	"context"
	"fmt"
	"time"

	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// tellRests says which mails of a workspace do not leave freely at present, and which
// of its keys the DNS has lost. It is no fault of the counts, so that doctor does not
// fail for it.
func tellRests(ctx context.Context, t terminal, sending *flow.Sending, w surveys.Workspace) error {
	troubles, err := sending.Troubles(ctx, w.ID)
	for _, s := range troubles {
		fmt.Fprintf(t.out, "%s: %s\n", w.Name, restInWords(s, sending.Store.Now()))
	}
	if err != nil {
		return err
	}
	gone, err := sending.GoneKeys(ctx, w.ID)
	for _, key := range gone {
		fmt.Fprintf(t.out, "%s: the DNS has lost %s, which was last there on %s UTC: receivers may refuse mails until the record is back. Settings → Sending shows it.\n",
			w.Name, key.RecordName(), key.FoundAt.Format(time.DateTime))
	}
	return err
}

// restInWords is a stream in trouble in words.
func restInWords(s surveys.Stream, now time.Time) string {
	causes := map[surveys.StreamCause]string{
		surveys.StreamPolicy: "it does not believe who sends", surveys.StreamRefused: "it refuses too many",
		surveys.StreamReturned: "too many came back", surveys.StreamBusy: "it wants fewer at a time",
	}
	switch {
	case s.Receiver == surveys.AllAtOnce:
		return fmt.Sprintf("no survey mails leave since %s: too many people called them spam (%s in seven days). Settings → Sending lets them go on.", s.Since.Format(time.DateTime), s.Why)
	case s.Rests(now):
		return fmt.Sprintf("mails to %s rest until %s UTC: %s: %s", s.Receiver, s.Until.Format(time.DateTime), causes[s.Cause], s.Why)
	}
	return fmt.Sprintf("mails to %s rested: %s: %s", s.Receiver, causes[s.Cause], s.Why)
}

// senderAddress is the address of HARK_MAIL_FROM; "" where there is none.
func (s *Settings) senderAddress() string {
	senders, err := mailer.NewSenders(mailer.SendersOptions{From: s.MailFrom})
	if err != nil {
		return "" // serve says what is wrong with it
	}
	return senders.ServerAddress()
}

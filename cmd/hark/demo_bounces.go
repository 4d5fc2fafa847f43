package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// demoReports are what mail servers said about some of the demo's last letters.
func demoReports() []surveys.Bounce {
	return []surveys.Bounce{
		{Class: surveys.BounceFull, Status: "5.2.2", Diagnostic: "552 5.2.2 The mailbox is over quota"},
		{Class: surveys.BounceHard, Status: "5.1.1", Diagnostic: "550 5.1.1 The account does not exist any more"},
		{Class: surveys.BounceComplaint, Diagnostic: "abuse"},
		{Class: surveys.BouncePolicy, Status: "5.7.1", Diagnostic: "554 5.7.1 Message refused: looks like spam"},
	}
}

// demoApart is how many letters lie between two that came back.
const demoApart = 7

// comeBack lets a few letters of the demo come back, through the same moves as a
// mail server's reports.
func comeBack(ctx context.Context, s *store.Store, w surveys.Workspace) error {
	rules, err := s.Rules(ctx, w.ID)
	if err != nil || len(rules) == 0 {
		return err
	}
	reports := demoReports()
	filter := store.RuleEventFilter{RuleID: rules[0].ID, Since: s.Now().Add(-20 * 24 * time.Hour), Fate: store.FateSent, Limit: 20 * demoApart * len(reports)}
	sent, err := s.RuleEvents(ctx, w.ID, filter)
	if err != nil {
		return err
	}
	if err := countSent(ctx, s, w, sent); err != nil {
		return err
	}
	moves, seen := flow.NewBounces(s, flow.NewDirectory(s)), 0
	for _, e := range sent {
		if e.Answered || e.InvitationID == "" || len(reports) == 0 {
			continue
		}
		if seen++; seen%demoApart != 0 {
			continue
		}
		report := reports[0]
		reports = reports[1:]
		report.InvitationID, report.Source, report.Key = e.InvitationID, surveys.BounceByMail, "demo"
		if _, err := moves.Take(ctx, w, report); err != nil {
			return fmt.Errorf("let a letter of the demo come back: %w", err)
		}
	}
	return nil
}

// countSent counts the demo's letters of the last week by who receives them, as
// the dispatcher does for those that it sends.
func countSent(ctx context.Context, s *store.Store, w surveys.Workspace, sent []store.RuleEvent) error {
	ids := make([]string, len(sent))
	for n, e := range sent {
		ids[n] = e.InvitationID
	}
	letters, err := s.InvitationsByID(ctx, w.ID, slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
	if err != nil {
		return err
	}
	sums := make(map[surveys.StreamDay]int)
	for _, i := range letters {
		if i.SentAt != nil {
			sums[surveys.StreamDay{WorkspaceID: w.ID, Receiver: surveys.ReceiverOf(i.Email), Day: surveys.StreamDayOf(*i.SentAt)}]++
		}
	}
	days := make([]surveys.StreamDay, 0, len(sums))
	for day, n := range sums {
		day.Sent = n
		days = append(days, day)
	}
	return s.InTx(ctx, func(tx *store.Tx) error { return tx.AddStreamDays(ctx, w.ID, days) })
}

// Package letters writes what Hark mails: each letter in HTML for mail
// programs and in plain text with the same content. In the data's way it stands
// between the invitation that is due and the mailer that sends it: the mailer
// fills a view struct and takes the bytes.
package letters

import "github.com/harkhq/hark/templates/i18n"

// Invitation is a letter that asks one person one question.
//
// Brand, Greeting, Reason, Question and the like are shown as they are and must
// be safe to show: mail programs turn "://" and "www." in a name into links, so
// the caller neutralises them in whatever strangers may have written. They must
// hold no line breaks.
type Invitation struct {
	L           *i18n.Localizer
	Brand       string // the workspace's name
	Colour      string // "#rrggbb", drawn as a line over the letter; anything else: none
	Name        string // the person's first name; empty: greeted without
	Reason      string // "You get this because you ordered from Northwind Coffee."
	CapDays     int    // never asked more often than once in this many days; 0: not said
	Lang        string // BCP 47 language of Question, Low and High; empty: that of L
	Question    string
	Low         string // meaning of the lowest choice
	High        string
	Choices     []Choice // lowest first
	Page        string   // address of the question's page
	Unsubscribe string   // address of "stop asking me"
	Honeypot    string   // address that no person sees or follows; empty: none
	Postal      string   // the sender's postal address, one line
	Reminder    ReminderKind
}

// Choice is one place on the scale and the address that selects it.
type Choice struct {
	Score   int
	Address string
}

// ReminderKind tells a first letter from a reminder.
type ReminderKind string

// The kinds of an invitation.
const (
	First    ReminderKind = ""
	Reminder ReminderKind = "reminder"
)

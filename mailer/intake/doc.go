// Package intake takes in the mail that comes back for letters. In the data's
// way it stands between a mail server, which hands it over by LMTP, SMTP or a
// pipe, and the moves that follow:
//
//	report → listener or `hark bounce` → bounce.Parse → flow.Bounces
//
// It takes only what comes to an address that Hark itself made for a letter and
// signed, or a complaint that holds such an address. It sends nothing.
package intake

// Package mailer makes an invitation that is due leave as a letter. In the
// data's way it stands between the invitation that a rule scheduled and the
// page that its link opens:
//
//	invitation → compose → outbox → deliver → sent | retried | failed | unknown
//
// [Dispatcher] takes what is due from the store in batches and says what became
// of it, [Composer] turns an invitation into bytes, a [form] that letters share
// filled for one person, and a [Transport] hands the bytes over: [SMTP] to a
// mail server, [Mailbox] to a folder that a page shows. The way of a letter is
// read from [Dispatcher.Run] on, through prepare.go, look.go and send.go.
//
// Delivery is at least once, as with every mail server (RFC 5321, 6.1): the
// bytes and the Message-ID are committed before MAIL FROM, and a crash or a
// connection lost at the last dot leads to one second copy of the same bytes.
// Without either nothing is mailed twice, and nothing is lost.
package mailer

package mailer

import (
	"fmt"
	"net/textproto"
	"strconv"
	"testing"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
)

// What becomes of a letter that is refused for good.
const (
	gone   = "gone"   // the address gets no mail any more
	lost   = "lost"   // this letter failed, the address may get others
	shut   = "shut"   // the receiver's stream rests, the letter waits
	barred = "barred" // the workspace's letters wait
)

// saidInFull is a server's reply.
func saidInFull(reply string) error {
	code, err := strconv.Atoi(reply[:3])
	if err != nil {
		panic(err)
	}
	return &textproto.Error{Code: code, Msg: reply[4:]}
}

// TestRefusals holds what servers say at RCPT and at the dot against what it means.
// Whatever blames the sender, its machine, account, quota or set-up ends nobody's
// letters, neither when it is said at once nor in a report that comes later.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		at    stage
		reply string
		want  string
	}{
		// Postfix
		{atRecipient, "550 5.1.1 <ada@shop.example>: Recipient address rejected: User unknown in local recipient table", gone},
		{atRecipient, "550 5.1.0 <b+x@bounces.shop.example>: Sender address rejected: User unknown in virtual mailbox table", barred},
		{atRecipient, "550 5.1.1 <b+x@bounces.shop.example>: Sender address rejected: User unknown in local recipient table", barred},
		{atRecipient, "553 5.7.1 <feedback@shop.example>: Sender address rejected: not owned by user shop", barred},
		{atRecipient, "554 5.7.1 <ada@far.example>: Relay access denied", barred},
		{atRecipient, "530 5.7.1 Authentication required", barred},
		{atRecipient, "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", barred},
		{atRecipient, "504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname", barred},
		{atRecipient, "550 5.1.8 <b+x@gone.example>: Sender address rejected: Domain not found", barred},
		{atRecipient, "550 5.1.2 <ada@nowhere.example>: Recipient address rejected: Domain not found", gone},
		{atRecipient, "556 5.1.10 <ada@null.example>: Recipient address rejected: Domain nowhere.example does not accept mail (nullMX)", gone},
		{atRecipient, "550 5.1.1 <k@x.example>: Recipient address rejected: undeliverable address: host inner.example[192.0.2.9] said: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org (in reply to RCPT TO command)", shut},
		{atRecipient, "550 5.1.1 <k@x.example>: Recipient address rejected: undeliverable address: host inner.example[192.0.2.9] said: 550 5.1.1 <k@x.example>: user unknown (in reply to RCPT TO command)", gone},
		{atRecipient, "550 5.1.1 <k@x.example>: Recipient address rejected: undeliverable address: host inner.example[192.0.2.9] said: 451 4.7.1 Greylisted (in reply to RCPT TO command)", lost},
		{atRecipient, "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", shut},
		{atDot, "550 5.7.1 Message content rejected", lost},
		// Exim
		{atRecipient, "550 No such user here", gone},
		{atRecipient, "550 Unrouteable address", gone},
		{atRecipient, "550 Unknown user", gone},
		{atRecipient, "550 relay not permitted", barred},
		{atRecipient, "550 Sender verify failed", barred},
		{atRecipient, "550 authentication required", barred},
		{atDot, "550 This message contains a virus (Eicar)", lost},
		{atDot, "550 No such user here", lost}, // not where the address was told: a doubt is enough
		{atDot, "550 Domain shop.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.", barred},
		// sendmail
		{atRecipient, "550 5.1.1 <ada@shop.example>... User unknown", gone},
		{atRecipient, "550 5.7.1 <ada@shop.example>... Relaying denied. Proper authentication required.", barred},
		{atRecipient, "553 5.1.8 <b+x@gone.example>... Domain of sender address b+x@gone.example does not exist", barred},
		{atRecipient, "550 5.7.1 Access denied", lost},
		// qmail
		{atRecipient, "550 sorry, no mailbox here by that name. (#5.1.1)", gone},
		{atRecipient, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", lost},
		// Exchange Online and Exchange
		{atRecipient, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", gone},
		{atRecipient, "550 5.4.1 Recipient address rejected: Access denied. [AM7EUR06FT0.eop-eur06.prod.protection.outlook.com]", gone},
		{atRecipient, "550 5.7.1 Unable to relay", barred},
		{atDot, "554 5.2.252 SendAsDenied; shop@shop.example not allowed to send as feedback@shop.example", barred},
		{atDot, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", barred},
		{atDot, "550 5.1.8 Access denied, bad outbound sender", barred},
		{atDot, "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients", barred},
		{atRecipient, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated", lost},
		{atDot, "554 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour", lost},
		{atRecipient, "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", lost},
		// Gmail and Workspace
		{atRecipient, "550-5.1.1 The email account that you tried to reach does not exist. Please try\n5.1.1 double-checking the recipient's email address for typos", gone},
		{atRecipient, "550 5.2.1 The email account that you tried to reach is disabled.", gone},
		{atRecipient, "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to support", barred},
		{atDot, "550 5.4.5 Daily SMTP relay sending limit exceeded for customer.", barred},
		{atDot, "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", shut},
		{atDot, "550 5.7.1 Unauthenticated email from shop.example is not accepted due to domain's DMARC policy.", shut},
		{atRecipient, "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.", lost},
		{atDot, "552 5.2.2 The email account that you tried to reach is over quota", lost},
		{atDot, "550 5.7.1 Our system has detected that this message is likely unsolicited mail.", lost},
		// SES
		{atDot, "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: feedback@shop.example", barred},
		{atDot, "554 Message rejected: Sending paused for this account. For more information, please check the inbox", barred},
		// Outlook.com
		{atRecipient, "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [HE1EUR02FT0.eop-EUR02.prod.protection.outlook.com]", gone},
		{atRecipient, "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).", shut},
		{atDot, "550 5.7.515 Access denied, sending domain shop.example does not meet the required authentication level.", shut},
		// Yahoo
		{atDot, "554 delivery error: dd This user doesn't have a yahoo.com account (ada@yahoo.com) [0] - mta1.yahoo.com", lost},
		{atDot, "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes", lost},
		// GMX, T-Online
		{atRecipient, "550 Requested action not taken: mailbox unavailable", gone},
		{atRecipient, "550 Requested action not taken: mailbox unavailable\nReject due to policy restrictions.\nFor explanation visit https://postmaster.gmx.example/case?c=r0101", lost},
		{atRecipient, "554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tobr@rx.t-online.example to clarify.)", lost},
		{atRecipient, "550 5.1.1 user unknown", gone},
		// Proofpoint, Mimecast
		{atRecipient, "550 5.1.1 <ada@shop.example>... User unknown (protection.pphosted.example)", gone},
		{atRecipient, "554 Blocked - see https://ipcheck.proofpoint.example/?ip=192.0.2.1", shut},
		{atRecipient, "550 Invalid Recipient - https://community.mimecast.example/docs/DOC-1369#550 [x]", gone},
		{atRecipient, "550 Rejected by header based manually Blocked Senders - https://community.mimecast.example", lost},
		// whatever code is before it
		{atRecipient, "554 5.1.0 Sender Denied", barred},
		{atRecipient, "550 5.1.0 Authentication required", barred},
		{atRecipient, "550 5.1.0 Host does not resolve", barred},
		{atRecipient, "550 5.1.1 The From: domain is not verified", barred},
		{atRecipient, "550 5.1.2 Relay not permitted, sender domain must exist", barred},
		{atRecipient, "550 5.2.1 Mailbox rate limited", lost},
		{atRecipient, "550 5.1.0 Address rejected", lost},
		{atRecipient, "550 Rejected", lost},
	} {
		result := judge(test.at, saidInFull(test.reply))
		got := map[Result]string{
			{Outcome: Permanent, BadAddress: true}: gone, {Outcome: Permanent}: lost,
			{Outcome: Temporary, Policy: true}: shut, {Outcome: Outage, Barred: true}: barred,
		}[Result{Outcome: result.Outcome, BadAddress: result.BadAddress, Policy: result.Policy, Barred: result.Barred, Busy: result.Busy}]
		if got != test.want {
			t.Errorf("%s: %s, want %s (%s)", test.reply, got, test.want, fmt.Sprint(result.Outcome))
		}
		_, class := bounce.Classify("", test.reply)
		if blamed := test.want == shut || test.want == barred; blamed && class != surveys.BouncePolicy || test.want == gone && class != surveys.BounceHard {
			t.Errorf("%s: %s, and %s in a report", test.reply, got, class)
		}
	}
}

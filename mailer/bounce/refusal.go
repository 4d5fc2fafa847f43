package bounce

import (
	"regexp"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// Refusal is what it means that a mail server refused a letter while it was
// handed over.
type Refusal struct {
	Status string // of RFC 3463, at the start of the server's words; "" when it told none
	Class  surveys.BounceClass
	Gone   bool // beyond doubt the address takes no mail
	Barred bool // the server takes nothing of this sender, account or machine: every letter would be refused
	Shut   bool // a receiver takes nothing of this sender or machine, since it thinks ill of it
}

// leading finds the status code at the start of a reply; some servers write a #
// before it.
var leading = regexp.MustCompile(`^\d{3}[ -]#?([245]\.\d{1,3}\.\d{1,3})\b`)

// StatusOf is the status code of RFC 3463 at the start of a server's reply, "4.7.0"
// of "421 4.7.0 later", and "" where it tells none.
func StatusOf(reply string) string {
	if found := leading.FindStringSubmatch(reply); found != nil {
		return found[1]
	}
	return ""
}

// Refused judges a reply of a server that letters are handed to, "550 5.1.1 no such
// user", as [Classify] judges what a report says. It is stricter about dead
// addresses: a reply is short, and what it does not say for certain ends
// nobody's letters.
func Refused(reply string) Refusal {
	r := Refusal{Status: StatusOf(reply)}
	reply = nameless(reply)
	_, r.Class = Classify(r.Status, reply)
	inner, repeats := quoted(reply)
	switch {
	case r.Class == surveys.BounceHard:
		r.Gone = surveys.ClassOfStatus(r.Status) == surveys.BounceHard || certain.MatchString(reply) && !doubtful.MatchString(reply)
	case surveys.Unproven(r.Status), standing.MatchString(inner):
		r.Shut = true
	case blamesSender(inner):
		r.Barred, r.Shut = !repeats, repeats
	}
	return r
}

// Words that are only said of an address that is not there, and those that leave
// a doubt.
var (
	certain = regexp.MustCompile(`(?i)no such (user|mailbox|recipient|person|local user|address|account)|(user|recipient|mailbox|address|account) (is )?unknown|unknown (user|recipient|mailbox|local[- ](user|part)|address|account)|` +
		`(user|recipient|mailbox|account|address)\b[^.\n]{0,60}(not found|does(n't| not) exist|not exist)|unrout(e)?able (mail )?address|no mailbox (here )?by that name|not a valid mailbox|invalid (recipient|mailbox)|` +
		`mailbox (unavailable|not available)|^\d{3} 5\.4\.1 [^\n]{0,80}recipient address rejected: access denied|^\d{3} #5\.1\.0 address rejected|null ?mx`)
	doubtful = regexp.MustCompile(`(?i)\b(sender|from|helo|client|spam|policy|polic(y|ies)|blocked|block ?list|black ?list|reputation|temporar(y|ily)|explanation)\b`)
)

// standing finds words of a receiver that thinks ill of a machine, a network or a
// domain that does not authenticate its mails.
var standing = regexp.MustCompile(`(?i)spamhaus|spamcop|barracudacentral|\b(block|black|deny)[- ]?list(s|ed)?\b|\b(rbl|dnsbl)\b|blocked using|(poor|bad|low) reputation|\breputation of\b|\bS31[45]0\b|` +
	`\bDMARC\b|unauthenticated (e-?)?mail|(your |the )?(ip|network)( address)?\b[^\n]{0,60}\b(blocked|banned|listed|refused)|\bblocked - see http`)

// The words of a server that takes no letters of a sender at all, by what it blames.
var (
	aboutSender = regexp.MustCompile(`(?i)\b(sender|return[- ]path|mail from|from:|(header|envelope)[- ]from|from (address|header|domain))\b[^\n]{0,90}?\b(rejected|denied|refused|invalid|unknown|forbidden|disallowed|unverified|verify failed|` +
		`not (allowed|permitted|authori[sz]ed|verified|valid|found|owned|exist|accepted|registered|confirmed)|(does not|doesn't) (exist|resolve|match)|must (exist|resolve|be))\b`)
	blames = []*regexp.Regexp{
		regexp.MustCompile(`(?i)not owned by|\b(allowed|permitted|authori[sz]ed|permissions?) to send (as|from|on behalf|mail|e-?mail|messages)|send ?as ?denied|sender (id )?denied|(address|domain|identit(y|ies))( is| are)? not verified|unverified (sender|address|domain)|identities failed the check|verified sender|bad outbound sender|host does not resolve`),
		regexp.MustCompile(`(?i)\brelay(ing)?\b[^\n]{0,60}\b(denied|not (permitted|allowed|authori[sz]ed)|prohibited)\b|\b(unable|not (permitted|allowed|authori[sz]ed)) to relay|(do not|don't|cannot|can't) relay`),
		regexp.MustCompile(`(?i)\bauth(entication)?\b[^\n]{0,20}\b(required|needed)|requires? authentication|must (first )?(be )?(authenticated?|log ?in|issue a starttls)|please (authenticate|log ?in)|(client|not) (was not )?authenticated to send|client was not authenticated|authenticat(e|ion) first|authentication failed`),
		regexp.MustCompile(`(?i)\b(daily|hourly|monthly|sending|outgoing|outbound|smtp relay)\b[^\n]{0,50}(limit|quota|credits?)[^\n]{0,30}(exceed|reached|hit|used up)|(exceed|reached|hit|used up)[^\n]{0,50}\b(daily|hourly|monthly|sending|outgoing|outbound|e-?mails? per|messages per)\b|maximum credits`),
		regexp.MustCompile(`(?i)\b(your|sending|sender'?s) (account|subscription|plan|service)\b[^\n]{0,50}(suspended|disabled|deactivated|blocked|paused|not (active|enabled|allowed)|expired|closed|terminated|locked|restricted)|sending (is |has been )?(paused|suspended|disabled)|tenant has exceeded`),
		regexp.MustCompile(`(?i)client host rejected|(helo|ehlo)( command| name)?[^\n]{0,40}(rejected|refused|invalid)|cannot find your (reverse )?(host ?name|address)|your (ip|host|machine)( address)?[^\n]{0,40}not (allowed|authori[sz]ed|permitted)`),
	}
	// of the recipient: who may write to a group, and how much a mailbox gets
	ofRecipient = regexp.MustCompile(`(?i)RESOLVER\.RST|SenderNotAuthenticatedFor|\b5\.7\.13[346]\b|recipient has exceeded|recipient address rejected: unverified|user you are trying to contact|recipient (is )?not (allowed|authori[sz]ed) to receive|mailing list`)
	toldApart   = regexp.MustCompile(`(?i)recipient|rcpt`)
)

// blamesSender reports whether a server says that the fault is the sender's: the
// address, the account, what it may send, or how it is set up.
func blamesSender(words string) bool {
	if ofRecipient.MatchString(words) {
		return false
	}
	if found := aboutSender.FindString(words); found != "" && !toldApart.MatchString(found) {
		return true
	}
	for _, b := range blames {
		if b.MatchString(words) {
			return true
		}
	}
	return false
}

// quotes finds where a server repeats what another one said to it.
var quotes = regexp.MustCompile(`(?i)\b(said|responded|returned|response|replied|answered)( with)?: *`)

// quoted is what a server repeats that another one said, or else all its words.
func quoted(words string) (inner string, repeats bool) {
	at := quotes.FindAllStringIndex(words, -1)
	if len(at) == 0 {
		return words, false
	}
	inner = words[at[len(at)-1][1]:]
	if !replyPattern.MatchString(inner) && statusIn(inner) == "" {
		return words, false
	}
	return inner, true
}

// crowded finds words about too much mail within a time, which passes.
var crowded = regexp.MustCompile(`(?i)rate[- ]limit|receiving mail (too|at a rate)|too many (messages|mails|e-?mails)|exceeded (their|its) limit`)

// blamed is the class of a failure when it is looked at whom the words blame: what
// is the sender's fault, or passes, is no dead address, whatever the code says.
// A server that repeats what another one said may have put a code of its own
// before it.
func blamed(class surveys.BounceClass, words string) surveys.BounceClass {
	inner, repeats := quoted(words)
	if repeats && class == surveys.BounceHard {
		if _, said := Classify("", inner); said == surveys.BouncePolicy || said != surveys.BounceHard && strings.HasPrefix(statusIn(inner), "4") {
			return said
		}
	}
	switch {
	case (class == surveys.BounceHard || class == surveys.BounceSoft) && (standing.MatchString(inner) || blamesSender(inner)):
		return surveys.BouncePolicy
	case class == surveys.BounceFull && blamesSender(inner): // what may be sent in a day, not the mailbox
		return surveys.BouncePolicy
	case class == surveys.BounceHard && crowded.MatchString(inner):
		return surveys.BounceSoft
	}
	return class
}

package bounce

import (
	"regexp"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// statusPattern finds a status code of RFC 3463, and neither a version nor an
// address of the network.
var statusPattern = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.]|\.(?:$|\D))`)

// statusIn is the first status code in a text; "" for none.
func statusIn(text string) string {
	if found := statusPattern.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// replyPattern finds a reply of SMTP that means a failure.
var replyPattern = regexp.MustCompile(`(?:^|[^\d.:]|(?i:code) ?:)([45]\d{2})(?:[ \-:]|$)`)

// meaning is what words say about a letter's fate.
type meaning struct {
	words   *regexp.Regexp
	tongues func(string) bool // the same in more languages; nil for none
	class   surveys.BounceClass
}

// said reports whether words have the meaning.
func (m meaning) said(words string) bool {
	words = words[:min(len(words), mostWords)]
	if !m.words.MatchString(words) && (m.tongues == nil || !m.tongues(words)) {
		return false
	}
	return m.class != surveys.BounceHard || !senderInTongues.MatchString(folded(words))
}

// meanings in the order in which they are looked for: what is beyond doubt
// before what many servers write for several reasons.
var meanings = []meaning{
	{regexp.MustCompile(`(?i)(mail ?box|inbox|account|user|recipient|quota|storage|folder)[^.\n]{0,60}(is |was |are |has )?(over ?quota|exceed|full\b|out of space|no space)|over ?(the )?(disk )?quota|quota[ _-]?(exceed|limit|violat)|exceed[^.\n]{0,40}(quota|storage|mailbox size|space)|(mail ?box|inbox)[ _-]?full|full mailbox|insufficient (storage|space)|not enough (storage )?space|out of storage|(run|is|are) out of [^.\n]{0,30}(space|storage)|over (their|its|his|her) (storage|mailbox|disk) limit|mailsize limit|over the allowed quota|postfach[^.\n]{0,30}(voll|überschritten)|boîte[^.\n]{0,40}pleine|buzón[^.\n]{0,30}lleno|casella[^.\n]{0,30}piena|caixa (postal|de (entrada|correio))[^.\n]{0,40}cheia|skrzynka[^.\n]{0,30}(pełna|przepełniona)|ящик[^.\n]{0,30}переполнен|schránka[^.\n]{0,30}plná|postvak[^.\n]{0,20}vol\b|posta kutusu[^.\n]{0,20}dolu|(邮箱|信箱|郵箱)[^。\n]{0,12}(空间不足|已满|已滿|满了|容量)|メールボックス[^。\n]{0,20}(いっぱい|容量|満杯|超過)|容量[^。\n]{0,10}(超過|オーバー)|사서함[^.\n]{0,15}(가득|초과)`), fullInTongues.in, surveys.BounceFull},
	{regexp.MustCompile(`(?i)(user|recipient|mail ?box|account|address|member|subscriber)[^.\n]{0,80}(unknown|does ?n[o']t exist|not exist|not found|no longer (exist|valid|active|available|in use|on server)|not (a )?(known|valid|listed|registered|our customer)|invalid|has been (disabled|deactivated|suspended|discontinued|closed|deleted)|is (disabled|inactive|deactivated|suspended|closed)|account disabled)|(user|account|mail ?box|recipient)( ?<>,?)? ((is|was|has been) (cancell?ed|removed|locked)|((is|was|has|has been) )?(terminated|closed|expired|retired))\b|no longer (with|works|work|employed|working)\b|unknown (local part|local[- ]?user|user|recipient|address|account|mailbox)|no such (user|mailbox|recipient|account|address|person|local user|domain|host)|non-?existent (user|mailbox|recipient|account|address)|no mail ?box (here|by that name|found)|(does not|doesn't|do not) have an? [^\n]{0,40}(account|mailbox)|not listed in (the )?(domino|public)|user not listed|not a valid (mailbox|user|recipient|address)|invalid (recipient|mailbox|user|address)|bad destination (mailbox|system)|(domain|host)( or domain)?( name)?[^.\n]{0,40}not (found|exist)|host unknown|unrout(e)?able (mail )?(domain|address)|name service error|nxdomain|recipient address rejected: access denied|RESOLVER\.ADR|recipientnotfound|no account by that name|addressee unknown|account (that you tried to reach )?(does not exist|is disabled|is inactive)|no route to (domain|recipient address)|null[ -]?mx|\b(inactive|disabled|deactivated|expired|suspended) (user|account|mailbox|recipient)\b|unbekannte(r)? (empfänger|benutzer|adresse)|(postfach|adresse|benutzer|konto)[^.\n]{0,40}(existiert nicht|nicht gefunden|unbekannt)|(konto|adres|użytkownik|skrzynka)[^.\n]{0,40}nie istnieje|(usuário|endereço|conta|destinatário|caixa postal)[^.\n]{0,40}(não existe|inexistente|desconhecid[oa])|(пользовател|адрес|ящик|получател)[^.\n]{0,40}(не существует|не найден|неизвест)|(uživatel|adresa|schránka)[^.\n]{0,30}neexistuje|(indirizzo|destinatario|utente|casella)[^.\n]{0,40}(inesistente|sconosciut[oa])|(användare|adress|mottagare|konto|bruker|mottaker|bruger|modtager)[^.\n]{0,40}(finns inte|okänd|finnes ikke|findes ikke|ukjent|ukendt)|(gebruiker|adres|postvak)[^.\n]{0,30}(bestaat niet|onbekend)|empfänger[^.\n]{0,40}(unbekannt|existiert nicht|nicht gefunden)|adresse[^.\n]{0,40}(n'existe pas|introuvable|inconnue)|destinatario[^.\n]{0,30}(desconocido|non esiste|sconosciuto|no existe)|(收件人|邮箱|郵箱|帐户|用户|地址)[^。\n]{0,16}(不存在|未找到|无效|無效|已停用|被禁用|错误)|(宛先|アドレス|ユーザ|メールアドレス|受信者)[^。\n]{0,24}(見つかりません|存在しません|不明|ありません|見つかりませんでした)|宛先不明|(수신자|사용자|주소)[^.\n]{0,16}(없|존재하지)`), goneInTongues.in, surveys.BounceHard},
	{regexp.MustCompile(`(?i)\b(spam|spamhaus|block ?list|black ?list|blocklisted|blacklisted|rbl|dnsbl|reputation|dmarc|dkim|spf|unauthenticated|not authenticated|authentication (required|level)|unsolicited|policy|policies|not (permitted|allowed|authorized)|(ip|sender|message|e?-?mail|connection|content|envelope from)\b[^.\n]{0,40}(blocked|rejected|refused|denied|banned|not accepted)|access denied|relay(ing)? (access )?denied|unable to relay|virus|malware|message size|too (large|big)|(rate|frequency|connection|traffic)s?[- ]limit(s|ed)?|too many (messages|connections)|complaints|greylist|suspicious|prohibited|[sm]?uribl|surbl|(administrative|policy) prohibition|administratively|(blocked|rejected|quarantined|filtered) (by|as|due to|because of)|poor reputation|SPM|PTR|reverse dns)\b|:blocked\)|(?-i:\b(RP|MI|DT|HL|CT|IP|SC):[A-Z]{2,4}\b)|content (denied|filter)|blocked senders?\b|sender verify failed|no smtp service|\bIP=[\d.]+ - a problem occurred|垃圾邮件|被拒绝|拒收|拒绝接收|内容|反垃圾|ドメイン指定受信|受信拒否|拒否されました|スパム`), refusesInTongues, surveys.BouncePolicy},
	{regexp.MustCompile(`(?i)mailbox (unavailable|not available|disabled|inactive)|requested action not taken|(recipient|address|user|rcpt)[^.\n]{0,60}(rejected|refused|unavailable)|permanent (fatal )?error|not deliverable to that address|delete this address`), nil, surveys.BounceHard},
	{regexp.MustCompile(`(?i)time(d)? ?out|timeout|expired|connection (refused|reset|lost|dropped|failed)|could not connect|couldn't (connect|establish)|wasn't able to establish|unreachable|temporar(y|ily)|try again later|too many hops|mail loop|loop(s)? (detected|back)|hop count|retry|gave up|giving up|insufficient system (storage|resources)|queue too long|not responding|deferred|服务器|无法连接|超时|接続できません|タイムアウト|一時的`), nil, surveys.BounceSoft},
}

// refusesInTongues reports whether a server takes nothing of this sender, or does
// not know it.
func refusesInTongues(words string) bool {
	words = folded(words)
	return refusedInTongues.MatchString(words) || goneInTongues.one.MatchString(words) && senderInTongues.MatchString(words)
}

// Classify is the status and the class of a failure, from the code that the
// report gives and the server's words. A code in the words that says more than
// the report's own wins; where no code tells it, the words do. What nobody can
// tell is taken for passing, so that it ends nothing alone, and what the words
// blame on the sender is no fault of the address, whatever the code.
func Classify(status, words string) (string, surveys.BounceClass) {
	words = nameless(words)
	status, class := byCode(status, words)
	return status, blamed(class, words)
}

// nameless are words without the addresses among them, which say nothing, and
// whose dots would part what belongs together.
func nameless(words string) string { return addressWord.ReplaceAllString(words, "<>") }

// byCode is the status and the class before it is asked whom the words blame.
func byCode(status, words string) (string, surveys.BounceClass) {
	inner := statusIn(words)
	if class := surveys.ClassOfStatus(inner); class != "" && (status == "" || surveys.ClassOfStatus(status) == "" || class == surveys.BouncePolicy && !vague(inner)) {
		return inner, corrected(inner, class, words)
	}
	if status == "" {
		status = inner
	}
	if class := surveys.ClassOfStatus(status); class != "" {
		return status, corrected(status, class, words)
	}
	for _, m := range meanings {
		if m.said(words) {
			return status, passingOnly(status, m.class)
		}
	}
	return status, surveys.BounceSoft
}

var (
	nobody    = regexp.MustCompile(`(?i)no such (user|recipient|mailbox)|(user|recipient) unknown|unknown (user|recipient)|(user|recipient|mailbox) not found|invalid (recipient|mailbox)|mailbox (is )?(inactive|disabled)`)
	ofSenders = regexp.MustCompile(`(?i)sender|from|helo|ehlo|client|return[- ]path|spam|policy|block`)
	noDomain  = regexp.MustCompile(`(?i)\bnxdomain\b|domain name not found`)
)

// corrected is the class of a code that some servers give for something else:
// a passing one, or one of nobody there, of a full mailbox, Yandex's 5.7.1 of a
// user that it does not have, and Google's 4.0.0 of a domain that is gone. Words
// that may be about the sender are left to the code.
func corrected(status string, class surveys.BounceClass, words string) surveys.BounceClass {
	switch {
	case class == surveys.BounceSoft && meanings[0].said(words) && status[0] == '4':
		return surveys.BounceFull
	case class == surveys.BounceHard && meanings[0].said(words) && !meanings[1].said(words): // qmail's of anything
		return surveys.BounceFull
	case (status == "5.7.1" || status == "5.7.0") && nobody.MatchString(words) && !ofSenders.MatchString(words):
		return surveys.BounceHard
	case status == "4.0.0" && noDomain.MatchString(words):
		return surveys.BounceHard
	}
	return class
}

// vague reports a code that servers give for anything.
func vague(status string) bool { return strings.HasSuffix(status, ".0") }

// passingOnly keeps a code of 4.x.x from being taken for a dead address.
func passingOnly(status string, class surveys.BounceClass) surveys.BounceClass {
	if strings.HasPrefix(status, "4") && class == surveys.BounceHard {
		return surveys.BounceSoft
	}
	return class
}

// telling finds words that only a report of failure has.
var telling = regexp.MustCompile(`(?i)\b[45]\d{2}[ \-][45]\.\d{1,3}\.\d{1,3}|\b5\d{2}[ \-:]|\b[45]\.\d{1,3}\.\d{1,3}\b|` + `user unknown|unknown user|no such user|does not exist|doesn't exist|mailbox (is )?full|over quota|not listed in domino|host unknown|could not be (found|delivered)|不存在|存在しません|見つかりません|已满|いっぱい`)

// tellingLine is the line of a report that says most: one with a code, then one
// with known words, with those around it that belong to it.
func tellingLine(text string) string {
	rows := strings.Split(text, "\n")
	for i, row := range rows { // what was returned of the letter says nothing
		if returnedPart.MatchString(row) {
			rows = rows[:i]
			break
		}
	}
	pick := func(fits func(string) bool) string {
		for i, row := range rows {
			if !boilerplate.MatchString(row) && fits(row) {
				return around(rows, i)
			}
		}
		return ""
	}
	coded := func(row string) bool { return statusIn(row) != "" && !strings.HasPrefix(statusIn(row), "2") }
	reply := func(row string) bool {
		return replyPattern.MatchString(row) && len(strings.TrimSpace(row)) > 8 && !noReply.MatchString(row)
	}
	if found := pick(coded); found != "" {
		return found
	}
	if found := pick(reply); found != "" {
		return found
	}
	rows = rows[:min(len(rows), mostRows)]
	for _, m := range meanings {
		if found := pick(m.said); found != "" {
			return found
		}
	}
	return ""
}

// How much of a report is searched for words: lines, and bytes of one.
const (
	mostRows  = 200
	mostWords = 4 << 10
)

// maxAnswer is of how many lines an answer of a server is read.
const maxAnswer = 8

// around is a row with what belongs to it: the other lines of the same answer
// ("550-…", which may come before), and what follows up to an empty line, since
// servers wrap their words.
func around(rows []string, at int) string {
	first, last := at, at+1
	if code := continued.FindStringSubmatch(rows[at]); code != nil {
		for first > 0 && at-first < maxAnswer && strings.HasPrefix(strings.TrimSpace(rows[first-1]), code[1]+"-") {
			first--
		}
	}
	for last < len(rows) && last-at < maxAnswer && strings.TrimSpace(rows[last]) != "" && !another.MatchString(rows[last]) {
		last++
	}
	return strings.Join(strings.Fields(strings.Join(rows[first:last], " ")), " ")
}

var (
	continued = regexp.MustCompile(`^\s*([245]\d{2})[ -]`)
	another   = regexp.MustCompile(`^\s*(<[^<>\s]+@[^<>\s]+>:|[^<>\s:]+@[^<>\s:]+:?\s*$|(message-id|received|subject|from|to|date|return-path): )|^\s*[-=_*]{3,}`)
)

var (
	returnedPart = regexp.MustCompile(`(?i)^\s*-{2,}.{0,20}(below this line is a copy|this is a copy of|original message|unsent message|message header|copy of (the|your) message|your original mail|returned message|forwarded message|元のメッセージ|原始邮件|原邮件)|^(received|return-path|dkim-signature): `)
	boilerplate  = regexp.MustCompile(`(?i)this is a permanent error|i'm afraid i wasn't able|sorry, we were unable to deliver your message|permanent fatal errors|(could not|couldn't) be delivered to one or more|error has occurred while attempting`)
	noReply      = regexp.MustCompile(`(?i)(\b\d+ (bytes|kb|mb|hours|days|minutes|seconds)\b|;\s|\d{4}-\d{2}|tel|phone|\+\d)`)
)

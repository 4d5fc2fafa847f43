package bounce

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// readComplaint reads a feedback report (RFC 5965), or what Microsoft sends
// instead of one. What a person calls no spam, and reports about signatures,
// are no complaints.
func readComplaint(m message, r *Report) bool {
	switch kind := strings.ToLower(m.feedback.get("feedback-type")); {
	case m.feedback == nil:
		if m.original.get("x-hmxmroriginalrecipient") == "" || !strings.HasPrefix(strings.ToLower(m.top.get("subject")), "complaint about message from") {
			return false
		}
		r.Recipient = addressIn(m.original.get("x-hmxmroriginalrecipient"))
	case kind == "not-spam" || kind == "auth-failure" || kind == "dmarc" || kind == "virus":
		return r.is(Unknown)
	default:
		r.Recipient = addressIn(cmp.Or(m.feedback.get("original-rcpt-to"), m.feedback.get("removal-recipient")))
		r.Diagnostic = cmp.Or(kind, "abuse")
	}
	return r.is(Complaint)
}

// readStatus reads a delivery status (RFC 3464). Each of Hark's letters has one
// recipient; of several, the first that failed counts.
func readStatus(m message, r *Report) bool {
	var chosen header
	best := -1
	for _, group := range m.groups {
		if group.get("action") == "" && group.get("status") == "" && group.get("final-recipient") == "" {
			continue // about the message
		}
		if rank := actionRank(group); rank > best {
			chosen, best = group, rank
		}
	}
	if chosen == nil {
		return false
	}
	r.Recipient = addressIn(cmp.Or(chosen.get("original-recipient"), chosen.get("final-recipient")))
	status, words := statusIn(chosen.get("status")), chosen.get("diagnostic-code")
	if kind, text, ok := strings.Cut(words, ";"); ok && !strings.Contains(kind, " ") {
		words = strings.TrimSpace(text)
	}
	switch best {
	case rankFailed:
		return r.failed(status, cmp.Or(words, tellingLine(m.text), chosen.get("status")))
	case rankDelayed:
		r.Status, r.Diagnostic = status, words
		return r.is(Delay)
	}
	r.Status, r.Diagnostic = status, words
	return r.is(Delivered)
}

// The ranks of what a status says about one recipient.
const (
	rankDelivered = iota
	rankDelayed
	rankFailed
)

func actionRank(group header) int {
	action, _, _ := strings.Cut(strings.ToLower(group.get("action")), " ")
	switch status := statusIn(group.get("status")); {
	case action == "failed":
		return rankFailed
	case action == "delayed":
		return rankDelayed
	case action == "delivered" || action == "relayed" || action == "expanded":
		return rankDelivered
	case strings.HasPrefix(status, "5"):
		return rankFailed
	case strings.HasPrefix(status, "4"):
		return rankDelayed
	}
	return rankDelivered
}

// readReceipt reads a receipt (RFC 8098): opened, deleted unread. It says
// nothing about the address but that it is there.
func readReceipt(m message, r *Report) bool {
	return m.receipt != nil && r.is(AutoReply)
}

// readStandalone reads reports of older servers that name themselves beyond
// doubt.
func readStandalone(m message, r *Report) bool {
	failed := addressIn(m.top.get("x-failed-recipients")) // Exim, Gmail
	switch {
	case failed != "":
		r.Recipient = failed
	case strings.Contains(m.text, "Hi. This is the qmail-send program"), strings.Contains(m.text, "Hi. This is the deliver program at"),
		strings.Contains(m.text, "This message was created automatically by mail delivery software"):
		r.Recipient = addressIn(recipientLine(m.text))
	default:
		return false
	}
	if late(m) {
		r.Diagnostic = tellingLine(m.text)
		return r.is(Delay)
	}
	return r.failed("", tellingLine(m.text))
}

var lateWords = regexp.MustCompile(`(?i)\b(delayed|has not (yet )?been delivered|still (being )?retr|will (continue to|keep) try|delivery (status notification )?\(?delay|could not send message for past|warning: (could not|message)|not yet been delivered)|配送遅延|延迟|verzögert`)

// late reports whether a message tells of a delay: its subject does, or its
// first words, and it does not say that it gave up.
func late(m message) bool {
	if tellsFailure(m.top.get("subject")) && !tellsLate(m.top.get("subject")) {
		return false
	}
	return tellsLate(m.top.get("subject")) || tellsLate(m.text[:min(len(m.text), firstWords)])
}

func tellsLate(text string) bool {
	return lateWords.MatchString(text) || lateInTongues.in(text)
}

func tellsFailure(subject string) bool {
	return failureSubject.MatchString(subject) || failedInTongues.in(subject)
}

var autoSubject = regexp.MustCompile(`(?i)^\s*((re|aw|sv|antw|rv|tr|回复|答复)\s*[:：]\s*)*(\[?(out of( the)? office|ooo)\b|auto: |.{0,60}\bis out of (the )?office\b|auto(matic(ally)?)?[- ]?(re(ply|sponse|sponder)|generated reply)|autoreply|automatische antwort|abwesen|réponse automatique|absence|respuesta automática|fuera de (la )?oficina|risposta automatica|fuori (sede|ufficio)|resposta automática|automatisch antwoord|afwezig|automatiskt svar|frånvaro|automatisk svar|autosvar|automaattinen vastaus|odpowiedź automatyczna|autoodpowiedź|автоматический ответ|автоответ|otomatik (yanıt|cevap)|fravær|automatická odpov[eě][ďd]|automatikus válasz|răspuns automat|αυτόματη απάντηση|автоматична відповідь|автоматичен отговор|automatski odgovor|samodejni odgovor|automatinis atsakymas|automātiskā atbilde|automaatvastus|מענה אוטומטי|رد تلقائي|ตอบกลับอัตโนมัติ|trả lời tự động|balasan otomatis|自动(回复|答复)|自動(回覆|応答|返信)|不在(通知|のお知らせ)|外出中|자동 ?(응답|회신)|부재|ofis dışında|vacation|on (holiday|leave|vacation)|i am (away|out)|away from|urlaub|read:|gelesen:|lu ?:|leído:|已读[:：]|開封済み|not read:|ticket (received|#)|\[request received\]|your (request|message|email) (has been|was) received|please (confirm|verify) (your )?(e-?mail|message|address)|your e?-?mail requires verification)`)

// readAuto reads automatic replies: who is away, a receipt, a ticket system, a
// question whether one is a person.
func readAuto(m message, r *Report) bool {
	submitted := strings.ToLower(m.top.get("auto-submitted"))
	marked := strings.HasPrefix(submitted, "auto-replied") || strings.HasPrefix(submitted, "auto-notified")
	for _, name := range []string{"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-ms-exchange-inbox-rules-loop", "x-vacation", "x-mail-autoreply", "x-autogenerated"} {
		marked = marked || m.top.get(name) != ""
	}
	precedence := strings.ToLower(m.top.get("precedence"))
	marked = marked || precedence == "auto_reply" || precedence == "auto-reply"
	if autoSubject.MatchString(m.top.get("subject")) || (marked || answersItself(m)) && !byServer(m) {
		return r.is(AutoReply)
	}
	return false
}

// answersItself reports a reply from the empty sender: a person's program answers
// from their address, and only a machine takes care that nothing comes back.
func answersItself(m message) bool {
	return m.top.get("return-path") == "<>" && (m.top.get("in-reply-to") != "" || m.top.get("references") != "")
}

var (
	failureSubject = regexp.MustCompile(`(?i)(undeliver|deliver(y|ed)?( status)? (notification|failure|failed|report|has failed|incomplete|error)|delivery problem|mail (delivery )?(fail|system error|error)|failure (notice|delivery)|failed (mail|delivery)|returned (mail|to sender|e-?mail)|mail ?returned|message (could not be|not|was not) deliver|(non|un)[- ]?deliver|nondeliverable|could not be delivered|delivery to .* failed|unzustellbar|nicht (zustellbar|zugestellt)|unzustellbarkeit|non remis|échec de la remise|no se (puede|pudo) entregar|no entregado|mensagem (devolvida|não entregue)|não (foi|pôde ser) entregue|falha na entrega|(nie zosta[łl]a dostarczona|niedostarczon|zwrot wiadomości)|не (было )?доставлен|недоставлен|nedoruč(en|iteln)|niet (afgeleverd|bezorgd)|iletilemedi|kunde inte levereras|kunne ikke leveres|mancat[ao] (consegna|recapito)|impossibile recapitare|退信|无法送达|投递失败|系统退信|未送达|退回|配信(不能|エラー|できません)|配送(失敗|できません)|エラーメール|送信エラー|宛先不明|不達|전송 ?실패|반송)`)
	serverName     = regexp.MustCompile(`(?i)(mailer-daemon|mail-daemon|maildaemon|postmaster|mail delivery (sub)?system|mail delivery|microsoftexchange|mail-administrator|mdaemon|symantec_antivirus|bounce)`)
)

// byServer reports whether a mail server wrote it, as far as that can be told.
func byServer(m message) bool {
	return serverName.MatchString(m.top.get("from")) || m.top.get("return-path") == "<>" && tellsFailure(m.top.get("subject"))
}

// readWords reads reports in words alone, from a server by its name or subject.
func readWords(m message, r *Report) bool {
	subject := tellsFailure(m.top.get("subject"))
	if !byServer(m) && !subject {
		return false
	}
	words := tellingLine(m.text)
	if byServer(m) && tellsLate(m.top.get("subject")) {
		r.Recipient, r.Diagnostic = addressIn(recipientLine(m.text)), words
		return r.is(Delay)
	}
	status, class := Classify("", words)
	if words == "" || class == "" || !subject && status == "" && !telling.MatchString(words) && !failedInTongues.in(m.text[:min(len(m.text), firstWords)]) {
		return false
	}
	r.Recipient = addressIn(recipientLine(m.text))
	if late(m) {
		r.Diagnostic = words
		return r.is(Delay)
	}
	return r.failed("", words)
}

var notLocal = regexp.MustCompile(`(?i)(mailer-daemon|postmaster)@|^\s*(message-id|return-path|from|sender|reply-to):`)

// recipientLine is the first line that names an address which is no server's.
func recipientLine(text string) string {
	for row := range strings.SplitSeq(text, "\n") {
		if strings.Contains(row, "@") && !notLocal.MatchString(row) {
			return row
		}
	}
	return ""
}

// firstWords is how much of a message is looked at for who wrote it.
const firstWords = 1500

// readMachine reads what else a machine wrote for a person, or a person for when
// they are away, without saying so where others do: by the marks of senders that
// want no answer, the number of a ticket, and the words. A wish to get no more
// mails is none of them, though it often comes with the words of a program.
func readMachine(m message, r *Report) bool {
	for _, to := range surveys.FindReturns(m.top.get("to")) {
		if to.Kind == surveys.ReturnUnsubscribe {
			return false
		}
	}
	if byServer(m) || tellsFailure(m.top.get("subject")) {
		return false
	}
	submitted := strings.ToLower(m.top.get("auto-submitted"))
	unanswered := submitted != "" && submitted != "no" || m.top.get("x-auto-response-suppress") != "" || bulk.MatchString(m.top.get("precedence"))
	subject, own := folded(m.top.get("subject")), folded(ownWords(m.text))
	for _, words := range []*regexp.Regexp{awayInTongues, autoInTongues} {
		unanswered = unanswered || words.MatchString(subject) || words.MatchString(own)
	}
	return (unanswered || ticket.MatchString(subject)) && r.is(AutoReply)
}

var (
	bulk      = regexp.MustCompile(`(?i)^\s*(bulk|junk|list)\b`)
	ticket    = regexp.MustCompile(`\b(ticket|case|incident|request|vorgang|tracking)[ -]?(id|no|nr|number)?[ .:#-]{0,3}([a-z]{1,6}-?)?\d{3,}\b`)
	quotation = regexp.MustCompile(`(?m)^(>|-{2,} ?\w+|on .{5,80} wrote:|from: |von: |de: )`)
)

// ownWords are the first words of a message, without what it quotes.
func ownWords(text string) string {
	if at := quotation.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	return text[:min(len(text), firstWords)]
}

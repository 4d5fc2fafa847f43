package flow

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"github.com/harkhq/hark/surveys"
)

// reasonWords are what other tools call the reasons in their exports, each as a
// whole cell: a campaign or company may have such a word in its name.
var reasonWords = []struct {
	reason surveys.Suppression
	words  *regexp.Regexp
}{
	{surveys.SuppressedComplained, regexp.MustCompile(`(?i)^((spam|abuse|user|fbl)[ _-]?)?(complain(t|ts|ed|er)|complaint[ _-]feedback)$|^(reported|marked)( as)?[ _-]spam$|^spam[ _-]?(report|reported|reporter|reporting address)?$|^abuse([ _-]report)?$|^(spam-?)?beschwerde$|^plainte$|^queja$|^(垃圾邮件)?(投诉|举报)$|^迷惑メール報告$`)},
	{surveys.SuppressedBounced, regexp.MustCompile(`(?i)^((hard|soft|permanent|block|general|invalid)[ _-]?)?bounce(d|s)?([ _-](address|email))?$|^(invalid|inactive|undeliverable|unreachable|non[ _-]?existent|unknown|dead|cleaned)([ _-](e-?mail|address|user|recipient|mailbox))?$|^(no such user|user unknown|unknown user|mailbox not found|address not found|does not exist)$|^\d{3}[ -]#?5\.1\.\d+\b.*|^5\.1\.\d+$|^\d{3}[ -].{0,20}(no such user|user unknown|does not exist|unknown user).*|^(unzustellbar|ungültig|nicht zustellbar|rückläufer)$|^(退信|硬退信|无效|无效地址|地址无效)$`)},
	{surveys.SuppressedUnsubscribed, regexp.MustCompile(`(?i)^((global|list|group|manual)[ _-]?)?unsub(scribe|scribes|scribed|scription)?([ _-](address|link|request))?$|^opt(ed)?[ _-]?out$|^(abgemeldet|abbestellt|abmeldung|ausgetragen)$|^(désinscrit|désabonné|désinscription)e?$|^(baja|dado de baja|cancelado|disiscritto|uitgeschreven|descadastrado|wypisany|отписан|отписался)$|^(已?退订|取消订阅|已取消订阅|配信停止)$`)},
}

// reasonIn is the reason that a cell tells, in Hark's word or another tool's; ""
// for none.
func reasonIn(cell string) surveys.Suppression {
	cell = strings.TrimRight(strings.TrimSpace(cell), ".")
	for _, reason := range surveys.SuppressionReasons() {
		if strings.EqualFold(cell, string(reason)) {
			return reason
		}
	}
	for _, r := range reasonWords {
		if r.words.MatchString(cell) {
			return r.reason
		}
	}
	return ""
}

var inBrackets = regexp.MustCompile(`<([^<>\s]+@[^<>\s]+)>`)

// mailboxIn is the address of a cell, in whatever form lists have it: alone, behind
// a name, or as a link; "" for none.
func mailboxIn(cell string) string {
	if found := inBrackets.FindStringSubmatch(cell); found != nil {
		cell = found[1]
	}
	if len(cell) > 7 && strings.EqualFold(cell[:7], "mailto:") {
		cell = cell[7:]
	}
	if email := surveys.NormalEmail(cell); surveys.ValidEmail(email) {
		return email
	}
	return ""
}

// plainText is a file in UTF-8, also one that a spreadsheet wrote in UTF-16.
func plainText(file []byte) string {
	if bytes.HasPrefix(file, []byte("\xff\xfe")) || bytes.HasPrefix(file, []byte("\xfe\xff")) {
		if text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(file); err == nil {
			file = text
		}
	}
	return strings.ToValidUTF8(string(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))), "?")
}

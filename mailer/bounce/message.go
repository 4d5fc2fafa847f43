package bounce

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/harkhq/hark/surveys"
)

// Bounds of what is looked at in one message.
const (
	maxDepth = 8        // parts within parts
	maxParts = 64       // of them all
	maxText  = 64 << 10 // bytes of words
)

// header are the fields of a message or part, by their names in small letters.
type header map[string][]string

func (h header) get(name string) string {
	if len(h[name]) == 0 {
		return ""
	}
	return h[name][0]
}

// message is a message taken apart.
type message struct {
	top      header
	original header   // of the letter that it returns; nil when it returns none
	groups   []header // of message/delivery-status: the first is about the message, the others about recipients
	feedback header   // of message/feedback-report
	receipt  header   // of message/disposition-notification
	text     string   // the words for people
	parts    int      // seen so far
}

// open takes a message apart, as far as the bounds allow.
func open(raw []byte) message {
	raw = bytes.ReplaceAll(raw, []byte("\r\r\n"), []byte("\r\n")) // a gateway made line ends of line ends
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	if bytes.HasPrefix(raw, []byte("From ")) { // a mailbox's separator
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	var m message
	var body []byte
	m.top, body = split(raw)
	m.walk(m.top, body, 0)
	return m
}

// split parts the fields from the body. It takes what it can: a line that is no
// field is passed over.
func split(raw []byte) (header, []byte) {
	h := make(header)
	var name string
	for len(raw) > 0 {
		row, rest, _ := bytes.Cut(raw, []byte("\n"))
		raw = rest
		text := strings.TrimRight(string(row), "\r\t ")
		if text == "" {
			break
		}
		if row[0] == ' ' || row[0] == '\t' {
			if list := h[name]; len(list) > 0 && len(list[len(list)-1]) < maxText {
				list[len(list)-1] += " " + strings.TrimSpace(text)
			}
			continue
		}
		before, value, found := strings.Cut(text, ":")
		name = strings.ToLower(strings.TrimSpace(before))
		if !found || name == "" || strings.ContainsAny(name, " \t") || len(h[name]) >= 100 {
			name = ""
			continue
		}
		h[name] = append(h[name], strings.TrimSpace(value))
	}
	for name, list := range h {
		for i := range list {
			list[i] = words(list[i])
		}
		h[name] = list
	}
	return h, raw
}

// words decodes the encoded words of RFC 2047 as far as they can be.
func words(value string) string {
	if !strings.Contains(value, "=?") {
		return value
	}
	decoder := mime.WordDecoder{CharsetReader: func(charset string, input io.Reader) (io.Reader, error) {
		encoding, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return encoding.NewDecoder().Reader(input), nil
	}}
	if decoded, err := decoder.DecodeHeader(value); err == nil {
		return decoded
	}
	return value
}

// walk goes through the parts.
func (m *message) walk(h header, body []byte, depth int) {
	if m.parts++; m.parts > maxParts || depth > maxDepth {
		return
	}
	kind, parameters := contentType(h.get("content-type"))
	if boundary := parameters["boundary"]; strings.HasPrefix(kind, "multipart/") && boundary != "" {
		for _, part := range cut(body, boundary) {
			inner, content := split(part)
			m.walk(inner, content, depth+1)
		}
		return
	}
	body = decoded(h.get("content-transfer-encoding"), body)
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		m.groups = append(m.groups, groups(body)...)
	case "message/feedback-report":
		m.feedback, _ = split(bytes.TrimLeft(body, "\n"))
	case "message/disposition-notification", "message/global-disposition-notification":
		m.receipt, _ = split(bytes.TrimLeft(body, "\n"))
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		if m.original == nil {
			m.original, _ = split(bytes.TrimLeft(body, "\n"))
		}
	case "", "text/plain", "text/html":
		m.read(kind, parameters["charset"], body)
	}
}

// read adds the words of a part.
func (m *message) read(kind, charset string, body []byte) {
	if len(m.text) > maxText {
		return
	}
	body = body[:min(len(body), maxText)]
	text := string(body)
	if encoding, err := htmlindex.Get(charset); err == nil && charset != "" {
		if inner, err := encoding.NewDecoder().Bytes(body); err == nil {
			text = string(inner)
		}
	}
	if kind == "text/html" {
		text = plain(text)
	}
	m.text += strings.ReplaceAll(text, "\r", "\n") + "\n"
}

var (
	unseen = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)>`)
	blanks = regexp.MustCompile(`\s+`)
	breaks = regexp.MustCompile(`(?i)<(br|/p|/div|/tr|/li|/h\d)\b[^>]*>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
)

// plain takes the tags out of HTML: enough to find words in it.
func plain(text string) string {
	text = tags.ReplaceAllString(breaks.ReplaceAllString(blanks.ReplaceAllString(unseen.ReplaceAllString(text, " "), " "), "\n"), " ")
	return strings.NewReplacer("&nbsp;", " ", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(text)
}

// contentType reads a Content-Type, also one that the standard library refuses.
func contentType(value string) (string, map[string]string) {
	kind, parameters, err := mime.ParseMediaType(value)
	if err == nil {
		return kind, parameters
	}
	kind, rest, _ := strings.Cut(value, ";")
	parameters = make(map[string]string)
	for part := range strings.SplitSeq(rest, ";") {
		if name, text, ok := strings.Cut(part, "="); ok {
			parameters[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(text), `"`)
		}
	}
	return strings.ToLower(strings.TrimSpace(kind)), parameters
}

// cut divides a body at the lines of its boundary.
func cut(body []byte, boundary string) [][]byte {
	var parts [][]byte
	var begin int
	inside, edge := false, []byte("--"+boundary)
	for at := 0; at < len(body) && len(parts) < maxParts; {
		end := bytes.IndexByte(body[at:], '\n')
		next := at + end + 1
		if end < 0 {
			next = len(body)
		}
		if row := bytes.TrimRight(body[at:next], " \t\r\n"); bytes.HasPrefix(row, edge) {
			tail := row[len(edge):]
			if len(tail) == 0 || string(tail) == "--" {
				if inside {
					parts = append(parts, body[begin:at])
				}
				if inside = len(tail) == 0; !inside {
					return parts
				}
				begin = next
			}
		}
		at = next
	}
	if inside && len(parts) < maxParts { // the end is missing
		parts = append(parts, body[begin:])
	}
	return parts
}

// decoded undoes a transfer encoding as far as it can.
func decoded(encoding string, body []byte) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		packed := bytes.Map(func(r rune) rune {
			if r == '\n' || r == '\r' || r == ' ' || r == '\t' || r == '=' {
				return -1
			}
			return r
		}, body)
		out := make([]byte, base64.RawStdEncoding.DecodedLen(len(packed)))
		n, _ := base64.RawStdEncoding.Decode(out, packed)
		return bytes.ReplaceAll(out[:n], []byte("\r\n"), []byte("\n"))
	case "quoted-printable":
		out, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
		if err != nil {
			return append(out, body...) // the rest as it is
		}
		return bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
	}
	return body
}

// groups are the groups of fields of a delivery status, between empty lines.
func groups(body []byte) []header {
	var list []header
	for body = bytes.TrimLeft(body, "\n "); len(body) > 0 && len(list) < 50; body = bytes.TrimLeft(body, "\n ") {
		var group header
		if group, body = split(body); len(group) > 0 {
			list = append(list, group)
		}
	}
	return list
}

// returns finds Hark's own addresses: in the fields first, which servers write,
// then anywhere.
func (m message) returns(raw []byte) []surveys.Return {
	var list []surveys.Return
	for _, h := range []header{m.top, m.original, m.feedback} {
		for _, name := range []string{"to", "delivered-to", "x-original-to", "envelope-to", "return-path", "original-mail-from", "list-unsubscribe", "x-failed-recipients"} {
			for _, value := range h[name] {
				list = append(list, surveys.FindReturns(value)...)
			}
		}
	}
	list = append(list, surveys.FindReturns(m.text)...)
	return append(list, surveys.FindReturns(string(raw))...)
}

// recipients are whom a message came to: as the server noted it, or as it was
// addressed.
func (m message) recipients() []string {
	for _, name := range []string{"x-original-to", "envelope-to", "delivered-to", "to"} {
		if address := addressIn(m.top.get(name)); address != "" {
			return []string{address}
		}
	}
	return nil
}

var quotedID = regexp.MustCompile(`(?i)message-id:\s*<([^<>\s]{3,200})>`)

// originalID is the Message-ID of the letter that a message returns.
func (m message) originalID() string {
	if id := bare(m.original.get("message-id")); id != "" {
		return id
	}
	if found := quotedID.FindStringSubmatch(m.text); found != nil {
		return found[1]
	}
	for _, name := range []string{"in-reply-to", "references"} {
		if id := bare(m.top.get(name)); id != "" {
			return id
		}
	}
	return ""
}

// bare is an id or address without what is around it.
func bare(value string) string {
	if _, after, ok := strings.Cut(value, "<"); ok {
		value, _, _ = strings.Cut(after, ">")
	}
	value = strings.TrimSpace(value)
	if len(value) > 300 || strings.ContainsAny(value, " \t\n") {
		return ""
	}
	return value
}

// addressIn is the address of a field such as From, or of "rfc822; a@b".
func addressIn(value string) string {
	if kind, address, ok := strings.Cut(value, ";"); ok && !strings.Contains(kind, "@") {
		value = address
	}
	if address := bare(value); strings.Contains(value, "<") && strings.Contains(address, "@") {
		return address
	}
	return strings.TrimRight(addressWord.FindString(value), ".")
}

// addressWord finds an address among words, whatever marks stand around it.
var addressWord = regexp.MustCompile(`[^\s<>()\[\],;:"'“”（）【】，。：；、]{1,100}@[^\s<>()\[\],;:"'“”（）【】，。：；、]{1,200}`)

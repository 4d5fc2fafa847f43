package mailer

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// How many bytes of a subject one encoded word holds: base64 makes 52 characters of
// 39, and with the 12 around them the first one fits beside "Subject: " in a line of
// 76 (RFC 2047); the others have a line each.
const (
	firstWord = 39
	laterWord = 45
)

// foldedSubject is a subject as it goes into the header, its words folded over lines
// and the first beside the header's name: a program that takes off only one blank
// would show a subject that begins on the second line with a gap before it. Plain
// ASCII stays as it is, and ok is false: nothing needs to be encoded.
func foldedSubject(subject string) (folded string, ok bool) {
	if strings.IndexFunc(subject, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return "", false
	}
	var words []string
	room, from := firstWord, 0
	for at, r := range subject {
		if at+utf8.RuneLen(r)-from > room {
			words, from, room = append(words, encodedWord(subject[from:at])), at, laterWord
		}
	}
	return strings.Join(append(words, encodedWord(subject[from:])), "\r\n "), true
}

// maxHeaderLine is how long a folded line of a header gets.
const maxHeaderLine = 76

// subjectField is a subject as it stands behind "Subject: ".
func subjectField(subject string) string {
	if folded, ok := foldedSubject(subject); ok {
		return folded
	}
	var out strings.Builder
	column := len("Subject:")
	for n, word := range strings.Split(subject, " ") {
		switch {
		case n > 0 && word != "" && column+1+len(word) > maxHeaderLine:
			out.WriteString("\r\n ")
			column = 0
		case n > 0:
			out.WriteByte(' ')
		}
		out.WriteString(word)
		column += 1 + len(word)
	}
	return out.String()
}

// encodedWord is a piece of a subject, of plain letters too: between encoded words
// no blank is kept, so one that is not encoded would lose its own.
func encodedWord(text string) string {
	return "=?UTF-8?b?" + base64.StdEncoding.EncodeToString([]byte(text)) + "?="
}

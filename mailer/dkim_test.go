package mailer

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// signing is a workspace with keys that sign for a domain.
type signing struct {
	keys   [2]surveys.DKIMKey
	signer *Signer
}

func newSigning(t testing.TB, s *store.Store, domain string) signing {
	t.Helper()
	w := storetest.Workspace(t, s)
	x := signing{keys: storetest.DKIMKeys(t, s, w.ID, domain, surveys.DKIMSigning)}
	var err error
	if x.signer, err = NewSigner(storetest.Vault(t), x.keys[:]); err != nil {
		t.Fatal(err)
	}
	return x
}

// txt answers for the DNS with the keys' own records.
func (x signing) txt(name string) ([]string, error) {
	for _, key := range x.keys {
		if name == key.RecordName() {
			return []string{key.Record()}, nil
		}
	}
	return nil, fmt.Errorf("no record at %s", name)
}

// verify reads the signatures of a message by the library, and fails the test
// unless there are two; it returns how many hold.
func (x signing) verify(t testing.TB, message []byte) int {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: x.txt})
	if err != nil || len(found) != 2 {
		t.Fatalf("%d signatures, %v", len(found), err)
	}
	good := 0
	for _, f := range found {
		if f.Err == nil && f.Domain == x.keys[0].Domain {
			good++
		}
	}
	return good
}

// verifyElsewhere has a second implementer, dkimpy, verify both signatures.
func (x signing) verifyElsewhere(t testing.TB, messages map[string][]byte) {
	t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import dkim, nacl.signing").Run(); err != nil {
		t.Fatal("dkimpy is not installed: run `make test-deps`, or `apt-get install python3-dkim`")
	}
	dir := t.TempDir()
	var records strings.Builder
	for _, key := range x.keys {
		fmt.Fprintf(&records, "%s.\t%s\n", key.RecordName(), key.Record())
	}
	files := map[string][]byte{"records": []byte(records.String())}
	for name, message := range messages {
		files[name+".eml"] = message
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const script = `
import dkim, glob, os, sys
records = dict(line.rstrip("\n").split("\t") for line in open("records"))
txt = lambda name, timeout=5: records.get(name.decode() if isinstance(name, bytes) else name, "").encode() or None
def holds(d, i):
    try:
        return d.verify(idx=i, dnsfunc=txt)
    except dkim.ValidationError:
        return False
for name in sorted(glob.glob("*.eml")):
    d = dkim.DKIM(open(name, "rb").read())
    print(name[:-4], *("good" if holds(d, i) else "bad" for i in range(2)))
`
	command := exec.Command("/usr/bin/python3", "-c", script)
	command.Dir = dir
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("dkimpy: %v\n%s", err, out)
	}
	for name := range messages {
		want := name + " good good"
		if strings.HasPrefix(name, "tampered") {
			want = name + " bad bad"
		}
		if !strings.Contains("\n"+string(out), "\n"+want+"\n") {
			t.Errorf("dkimpy does not say %q:\n%s", want, out)
		}
	}
}

// signatures are the DKIM-Signature headers of a message, unfolded.
func signatures(message []byte) []string {
	head, _, _ := strings.Cut(string(message), "\r\n\r\n")
	var list []string
	for header := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(head, "\r\n ", " "), "\r\n\t", " "), "\r\n") {
		if strings.HasPrefix(header, "DKIM-Signature:") {
			list = append(list, header)
		}
	}
	return list
}

// covered counts how often a signature lists a header.
func covered(signature, header string) int {
	_, rest, _ := strings.Cut(signature, " h=")
	names, _, _ := strings.Cut(rest, ";")
	n := 0
	for name := range strings.SplitSeq(strings.ReplaceAll(names, " ", ""), ":") {
		if name == header {
			n++
		}
	}
	return n
}

// signedLetters are letters of every kind and language, signed.
func signedLetters(t testing.TB, x signing) map[string][]byte {
	t.Helper()
	composer := testComposer(t, storetest.Start)
	letters := make(map[string][]byte)
	for _, lang := range surveys.RespondentLocales() {
		for _, kind := range []surveys.LetterKind{surveys.LetterInvitation, surveys.LetterReminder, surveys.LetterThanks} {
			a := asking()
			a.From = Identity{Address: "feedback@shop.example", Signer: x.signer}
			a.Person.Locale, a.Invitation.Letter, a.Answer = lang, kind, &surveys.Response{Score: 9}
			c, err := composer.Compose(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			letters[string(kind)+"-"+lang] = c.Letter.Message
		}
	}
	return letters
}

// TestLettersAreSigned: every kind in every language, by both keys, as two
// implementers read it.
func TestLettersAreSigned(t *testing.T) {
	t.Parallel()
	x := newSigning(t, storetest.Open(t, store.SQLite), "shop.example")
	letters := signedLetters(t, x)
	for name, message := range letters {
		if good := x.verify(t, message); good != 2 {
			t.Errorf("%s: %d of 2 signatures hold", name, good)
		}
		list := signatures(message)
		if len(list) != 2 || !strings.Contains(list[0], "a=rsa-sha256") || !strings.Contains(list[1], "a=ed25519-sha256") {
			t.Fatalf("%s: %q", name, list)
		}
		for _, signature := range list {
			for header, n := range map[string]int{
				"From": 2, "To": 2, "Subject": 2, "Reply-To": 2, "List-Unsubscribe": 2, "List-Unsubscribe-Post": 2,
				"Date": 1, "Message-ID": 1, "MIME-Version": 1, "Content-Type": 1, "List-Id": 1, "Feedback-ID": 1,
			} {
				if got := covered(signature, header); got != n {
					t.Errorf("%s: %s is listed %d times, want %d, in %s", name, header, got, n, signature)
				}
			}
			if !strings.Contains(signature, "c=relaxed/relaxed") || strings.Contains(signature, " l=") || strings.Contains(signature, " x=") {
				t.Errorf("%s: %s", name, signature)
			}
		}
		readMessage(t, message)
	}
	x.verifyElsewhere(t, letters)
}

// TestTamperedLettersFail: whoever changes what is covered, or adds a second
// header of a guarded kind, breaks both signatures, for both implementers.
func TestTamperedLettersFail(t *testing.T) {
	t.Parallel()
	x := newSigning(t, storetest.Open(t, store.SQLite), "shop.example")
	letter := string(signedLetters(t, x)["invitation-en"])
	changed := func(old, text string) []byte {
		if !strings.Contains(letter, old) {
			t.Fatalf("the letter has no %q", old)
		}
		return []byte(strings.Replace(letter, old, text, 1))
	}
	tampered := map[string][]byte{
		"body":               changed("\r\n\r\n--", "\r\n\r\nPay here: https://evil.example\r\n--"),
		"subject":            changed("\r\nSubject: ", "\r\nSubject: Re: "),
		"second subject":     changed("\r\nSubject: ", "\r\nSubject: You won\r\nSubject: "),
		"second from":        changed("\r\nFrom: ", "\r\nFrom: <ceo@bank.example>\r\nFrom: "),
		"second reply-to":    changed("\r\nFrom: ", "\r\nReply-To: <eve@evil.example>\r\nFrom: "),
		"way out":            changed("\r\nList-Unsubscribe: <https://", "\r\nList-Unsubscribe: <https://evil."),
		"second way out":     changed("\r\nList-Unsubscribe: ", "\r\nList-Unsubscribe: <https://evil.example>\r\nList-Unsubscribe: "),
		"second way out by":  changed("\r\nList-Unsubscribe-Post: ", "\r\nList-Unsubscribe-Post: x\r\nList-Unsubscribe-Post: "),
		"no way out by post": changed("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", ""),
		"feedback":           changed("\r\nFeedback-ID: ", "\r\nFeedback-ID: x"),
	}
	elsewhere := map[string][]byte{"whole": []byte(letter)}
	for name, message := range tampered {
		if good := x.verify(t, message); good != 0 {
			t.Errorf("%s changed: %d signatures hold", name, good)
		}
		elsewhere["tampered "+name] = message
	}
	for name, message := range map[string][]byte{
		"a header of the way": []byte("Received: from mx.example by mx2.example; Mon, 02 Mar 2026 09:00:00 +0000\r\n" + letter),
		"other blanks":        changed("\r\nSubject: ", "\r\nSubject:   "),
		"lines at the end":    []byte(letter + "\r\n\r\n"),
	} {
		if good := x.verify(t, message); good != 2 {
			t.Errorf("%s: %d of 2 signatures hold", name, good)
		}
		elsewhere[name] = message
	}
	x.verifyElsewhere(t, elsewhere)
}

// TestLongWayOutStaysInOneLine: mail servers that fold it after signing break the
// signature of many; it leaves unfolded, and below what a line may have.
func TestLongWayOutStaysInOneLine(t *testing.T) {
	t.Parallel()
	x := newSigning(t, storetest.Open(t, store.SQLite), "shop.example")
	composer := testComposer(t, storetest.Start)
	base := *composer.base
	base.Host = strings.Repeat("a-long-name.", 15) + "example"
	composer.base = &base
	a := asking()
	a.From = Identity{Address: "feedback@shop.example", Signer: x.signer}
	c, err := composer.Compose(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(c.Letter.Message), "\r\n") {
		if strings.HasPrefix(line, "List-Unsubscribe: ") && (len(line) < 200 || !strings.HasSuffix(line, ">")) {
			t.Errorf("folded: %s", line)
		}
		if len(line) > maxHeader {
			t.Errorf("a line of %d", len(line))
		}
	}
	if good := x.verify(t, c.Letter.Message); good != 2 {
		t.Errorf("%d of 2 signatures hold", good)
	}
	x.verifyElsewhere(t, map[string][]byte{"long": c.Letter.Message})
}

// TestSignedBytesArriveAsTheyWereCommitted sends a signed letter to a server and
// verifies what arrived.
func TestSignedBytesArriveAsTheyWereCommitted(t *testing.T) {
	t.Parallel()
	x := newSigning(t, storetest.Open(t, store.SQLite), "shop.example")
	server := newScripted(t, nil)
	composer := testComposer(t, storetest.Start)
	a := asking()
	a.From = Identity{Address: "feedback@shop.example", Signer: x.signer}
	c, err := composer.Compose(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if got := transportTo(t, server.addr, patient()).Deliver(t.Context(), c.Letter); got.Outcome != Sent {
		t.Fatalf("%+v", got)
	}
	arrived := server.letters()
	if len(arrived) != 1 || arrived[0] != string(c.Letter.Message) {
		t.Fatalf("%d letters, not the bytes that were committed", len(arrived))
	}
	if good := x.verify(t, []byte(arrived[0])); good != 2 {
		t.Errorf("%d of 2 signatures hold", good)
	}
}

func TestSignerNeedsItsKeys(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	x := newSigning(t, s, "shop.example")
	if signer, err := NewSigner(nil, nil); signer != nil || err != nil {
		t.Errorf("no keys: %v, %v", signer, err)
	}
	if got, err := (*Signer)(nil).Sign([]byte("as it is")); err != nil || string(got) != "as it is" {
		t.Errorf("no signer: %q, %v", got, err)
	}
	if _, err := NewSigner(nil, x.keys[:]); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("no secret: %v", err)
	}
	stolen := x.keys
	stolen[0].WorkspaceID = storetest.Workspace(t, s).ID
	if _, err := NewSigner(storetest.Vault(t), stolen[:]); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("a key of another workspace: %v", err)
	}
	if _, err := x.signer.Sign([]byte("no body")); err == nil {
		t.Error("signed what is no message")
	}
}

func BenchmarkSign(b *testing.B) {
	x := newSigning(b, storetest.Open(b, store.SQLite), "shop.example")
	c, err := testComposer(b, storetest.Start).Compose(b.Context(), asking())
	if err != nil {
		b.Fatal(err)
	}
	for name, signer := range map[string]*Signer{"rsa": {keys: x.signer.keys[:1]}, "ed25519": {keys: x.signer.keys[1:]}, "both": x.signer} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := signer.Sign(c.Letter.Message); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

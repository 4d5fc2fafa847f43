package surveys_test

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestReturnAddress writes addresses and reads them back, as servers and
// forwarders change them.
func TestReturnAddress(t *testing.T) {
	t.Parallel()
	const id = "019a1014-f400-7000-8000-000000000001"
	w := surveys.Workspace{Key: "AbCd-_12", Secret: []byte("0123456789abcdef0123456789abcdef")}
	for _, kind := range []surveys.ReturnKind{surveys.ReturnBounce, surveys.ReturnUnsubscribe} {
		address := w.ReturnAddress(kind, id, "bounces.shop.example")
		local, domain, _ := strings.Cut(address, "@")
		if len(local) > 64 || domain != "bounces.shop.example" || strings.ToLower(local) != local {
			t.Errorf("the address is %s", address)
		}
		for _, form := range []string{address, strings.ToUpper(address), local} {
			r, ok := surveys.ParseReturn(form)
			if !ok || r.Kind != kind || r.InvitationID != id || r.WorkspaceKey != w.Key || !r.By(w) {
				t.Errorf("%s is read as %+v, %v", form, r, ok)
			}
		}
		found := surveys.FindReturns("Return-Path: <SRS0=ab=cd=bounces.shop.example=" + local + "@forward.example>")
		if len(found) != 1 || !found[0].By(w) {
			t.Errorf("through a forwarder: %+v", found)
		}
	}
	if w.ReturnAddress(surveys.ReturnBounce, "not an id", "x") != "" || (surveys.Workspace{Key: "short"}).ReturnAddress(surveys.ReturnBounce, id, "x") != "" {
		t.Error("made an address of nothing")
	}
}

// TestForgedReturns changes every character of an address: none of the changed
// ones is genuine.
func TestForgedReturns(t *testing.T) {
	t.Parallel()
	w := surveys.Workspace{Key: "AbCd-_12", Secret: []byte("0123456789abcdef0123456789abcdef")}
	local, _, _ := strings.Cut(w.ReturnAddress(surveys.ReturnBounce, "019a1014-f400-7000-8000-000000000001", "x"), "@")
	for i := range local {
		for _, other := range "abz27" {
			forged := local[:i] + string(other) + local[i+1:]
			r, ok := surveys.ParseReturn(forged)
			same := func() bool { // the last characters of base32 have bits that mean nothing
				q, _ := surveys.ParseReturn(local)
				return r.InvitationID == q.InvitationID && r.WorkspaceKey == q.WorkspaceKey && (i == 37 || i == len(local)-1)
			}
			if forged != local && ok && r.By(w) && !same() {
				t.Errorf("%s passes for genuine", forged)
			}
		}
	}
	if r, ok := surveys.ParseReturn(local); !ok || r.By(surveys.Workspace{Key: w.Key}) {
		t.Error("genuine without a secret")
	}
	for _, text := range []string{"", "b+", "b+a-b", strings.Repeat("b+", 1000), local + "a", "x" + local, local + "+more", "feedback"} {
		if _, ok := surveys.ParseReturn(text); ok {
			t.Errorf("%q is read as an address", text)
		}
	}
}

// TestClassOfStatus has the codes that decide, and those whose words must.
func TestClassOfStatus(t *testing.T) {
	t.Parallel()
	for class, list := range map[surveys.BounceClass]string{
		surveys.BounceHard:   "5.1.1 5.1.2 5.1.3 5.1.6 5.1.10 5.2.1 5.4.4 5.4.310",
		surveys.BounceFull:   "5.2.2 4.2.2",
		surveys.BouncePolicy: "5.7.1 5.7.26 5.7.515 4.7.0 5.1.7 5.1.8 5.3.4 5.2.3 5.6.0",
		surveys.BounceSoft:   "4.0.0 4.1.1 4.2.1 4.4.1 5.4.6 5.4.7 4.3.2",
		"":                   "5.0.0 5.1.0 5.2.0 5.3.0 5.4.0 5.4.1 5.5.0 2.0.0 2.1.5 hello 5 6.1.1 5. .",
	} {
		for status := range strings.FieldsSeq(list) {
			if got := surveys.ClassOfStatus(status); got != class {
				t.Errorf("%s is %q, want %q", status, got, class)
			}
		}
	}
}

// TestEnds has what ends mails to an address, and what never does.
func TestEnds(t *testing.T) {
	t.Parallel()
	for _, class := range surveys.BounceClasses() {
		for passing := range 10 {
			want := surveys.Suppression("")
			switch {
			case class == surveys.BounceComplaint:
				want = surveys.SuppressedComplained
			case class == surveys.BounceHard, passing >= 3 && (class == surveys.BounceSoft || class == surveys.BounceFull):
				want = surveys.SuppressedBounced
			}
			if got := class.Ends(passing); got != want {
				t.Errorf("%s after %d: %q, want %q", class, passing, got, want)
			}
		}
	}
}

package surveys_test

import (
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestOneMailboxOneAddress writes mailboxes in all the ways that people and
// programs do: each has one form in which it is stored, and one under which its
// key is made.
func TestOneMailboxOneAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, stored, key string }{
		{"  Ada@Example.COM\t", "ada@example.com", "ada@example.com"},
		{"petra@bücher.example", "petra@bücher.example", "petra@xn--bcher-kva.example"},
		{"Petra@BÜCHER.example", "petra@bücher.example", "petra@xn--bcher-kva.example"},
		{"petra@bu\u0308cher.example", "petra@bücher.example", "petra@xn--bcher-kva.example"},
		{"petra@xn--bcher-kva.example", "petra@bücher.example", "petra@xn--bcher-kva.example"},
		{"petra@XN--BCHER-KVA.Example", "petra@bücher.example", "petra@xn--bcher-kva.example"},
		{"petra@mail.xn--bcher-kva.example", "petra@mail.bücher.example", "petra@mail.xn--bcher-kva.example"},
		{"petra@straße.example", "petra@straße.example", "petra@xn--strae-oqa.example"}, // not strasse.example: another domain
		{"ju\u0308rgen@shop.example", "jürgen@shop.example", "jürgen@shop.example"},
		{"用户@例子.公司", "用户@例子.公司", "用户@xn--fsqu00a.xn--55qx5d"},
		{"用户@xn--fsqu00a.xn--55qx5d", "用户@例子.公司", "用户@xn--fsqu00a.xn--55qx5d"},
		{"a@ｓｈｏｐ.example", "a@shop.example", "a@shop.example"},
		{"a@xn--10cl1a0b660p.example", "a@xn--10cl1a0b660p.example", "a@xn--10cl1a0b660p.example"}, // a character of no width: the readable form is no address here
		{"a@xn--zzzzzzzz99999.example", "a@xn--zzzzzzzz99999.example", "a@xn--zzzzzzzz99999.example"},
		{"a@b\u0308\u0308_.example", "a@b\u0308\u0308_.example", "a@b\u0308\u0308_.example"},
		{"xn--bcher-kva", "xn--bcher-kva", "xn--bcher-kva"},
		{"bücher", "bücher", "bücher"},
		{"", "", ""},
	} {
		got := surveys.NormalEmail(c.in)
		if got != c.stored {
			t.Errorf("NormalEmail(%q) = %q, want %q", c.in, got, c.stored)
		}
		if again := surveys.NormalEmail(got); again != got {
			t.Errorf("NormalEmail(%q) = %q once more", got, again)
		}
		if key := surveys.EmailKey(c.in); key != c.key {
			t.Errorf("EmailKey(%q) = %q, want %q", c.in, key, c.key)
		}
		if surveys.ValidEmail(c.in) && !surveys.ValidEmail(got) {
			t.Errorf("%q was an address, and %q is none", c.in, got)
		}
	}
}

// TestFormerKeys lists under what an address may have been stored before it had
// one form.
func TestFormerKeys(t *testing.T) {
	t.Parallel()
	if former := surveys.FormerEmailKeys("Ada@example.com"); former != nil {
		t.Errorf("an address of ASCII was never another: %q", former)
	}
	got := map[string]bool{}
	for _, former := range surveys.FormerEmailKeys("jürgen@xn--bcher-kva.example") {
		got[former] = true
	}
	for _, want := range []string{"jürgen@bücher.example", "ju\u0308rgen@bücher.example", "ju\u0308rgen@bu\u0308cher.example", "ju\u0308rgen@xn--bcher-kva.example"} {
		if !got[want] {
			t.Errorf("%q is not among %v", want, got)
		}
	}
	if got[surveys.EmailKey("jürgen@bücher.example")] {
		t.Error("the key of today is among the former ones")
	}
}

// TestSearchedEmail finds a domain's readable form by the DNS's.
func TestSearchedEmail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Petra@XN--bcher-kva.example": "petra@bücher.example",
		"xn--bcher-kva.example":       "bücher.example",
		"@xn--bcher-kva":              "@bücher",
		"bu\u0308cher":                "bücher",
		"xn--":                        "xn--",
		"Ada":                         "ada",
	} {
		if got := surveys.SearchedEmail(in); got != want {
			t.Errorf("SearchedEmail(%q) = %q, want %q", in, got, want)
		}
	}
}

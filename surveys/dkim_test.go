package surveys

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"
)

func TestDKIMPair(t *testing.T) {
	t.Parallel()
	keys, secrets, err := DKIMPair(rand.Reader, "w", "shop.example")
	if err != nil {
		t.Fatal(err)
	}
	for i, key := range keys {
		signer, err := DKIMSigner(secrets[i])
		if err != nil {
			t.Fatal(err)
		}
		switch public := signer.Public().(type) {
		case *rsa.PublicKey:
			if i != 0 || key.Algorithm != DKIMRSA || public.N.BitLen() != 2048 {
				t.Errorf("key %d: %s, %d bits", i, key.Algorithm, public.N.BitLen())
			}
		case ed25519.PublicKey:
			if i != 1 || key.Algorithm != DKIMEd25519 || len(key.Public) != 44 {
				t.Errorf("key %d: %s, %q", i, key.Algorithm, key.Public)
			}
		}
		if key.State != DKIMNew || key.WorkspaceID != "w" || !strings.HasSuffix(key.RecordName(), "._domainkey.shop.example") {
			t.Errorf("%+v", key)
		}
		if got := key.Find([]string{key.Record()}); got != DKIMFound {
			t.Errorf("its own record is %s", got)
		}
		if line := key.ZoneLine(); strings.Count(line, `"`) != 2*(1+(len(key.Record())-1)/255) || strings.ReplaceAll(strings.Join(strings.Split(line, `"`)[1:], ""), " ", "") == "" {
			t.Errorf("the line %s", line)
		}
	}
	if keys[0].Selector == keys[1].Selector || keys[0].Selector[:9] != keys[1].Selector[:9] {
		t.Errorf("the selectors are %s and %s", keys[0].Selector, keys[1].Selector)
	}
	if _, err := DKIMSigner([]byte("CANARY")); err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("no key: %v", err)
	}
}

func TestDKIMRecordIsFound(t *testing.T) {
	t.Parallel()
	key := DKIMKey{Domain: "shop.example", Selector: "s", Algorithm: DKIMRSA, Public: "MIIB" + strings.Repeat("x", 400)}
	for name, c := range map[string]struct {
		records []string
		want    DKIMFinding
	}{
		"as it is shown":            {[]string{key.Record()}, DKIMFound},
		"without blanks":            {[]string{strings.ReplaceAll(key.Record(), " ", "")}, DKIMFound},
		"with blanks in the key":    {[]string{"v=DKIM1; k=rsa; p=MIIB" + strings.Repeat("x", 200) + " " + strings.Repeat("x", 200)}, DKIMFound},
		"without k, which is RSA":   {[]string{"v=DKIM1; p=" + key.Public}, DKIMFound},
		"without v":                 {[]string{"p=" + key.Public + ";"}, DKIMFound},
		"with what else it may say": {[]string{"v=DKIM1; k=rsa; t=s; n=Hark; p=" + key.Public}, DKIMFound},
		"beside another text":       {[]string{"google-site-verification=1", key.Record()}, DKIMFound},
		"nothing":                   {nil, DKIMMissing},
		"only another text":         {[]string{"v=spf1 -all"}, DKIMMissing},
		"another key":               {[]string{"v=DKIM1; k=rsa; p=MIIBother"}, DKIMOther},
		"a key cut off":             {[]string{"v=DKIM1; k=rsa; p=" + key.Public[:200]}, DKIMOther},
		"a key taken back":          {[]string{"v=DKIM1; p="}, DKIMOther},
		"another algorithm":         {[]string{"v=DKIM1; k=ed25519; p=" + key.Public}, DKIMOther},
		"another version":           {[]string{"v=DKIM2; p=" + key.Public}, DKIMMissing},
		"two of them":               {[]string{key.Record(), "v=DKIM1; p=MIIBother"}, DKIMOther},
	} {
		if got := key.Find(c.records); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

package office

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestHooksAreSet takes the reports of each provider, refuses words that cannot
// be the provider's, and takes no more.
func TestHooksAreSet(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		m.get("/settings/sending").want(http.StatusOK).has("#bounces details", 4)
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		set := func(provider, word string) *page {
			return m.post("/settings/sending/hooks", url.Values{"provider": {provider}, "word_" + provider: {word}})
		}
		for provider, words := range map[string][2]string{
			"ses": {"arn:aws:sns:eu-west-1:123456789012:bounces", "arn:aws:s3:::bucket"}, "postmark": {"on", ""},
			"sendgrid": {base64.StdEncoding.EncodeToString(der), "bm90IGEga2V5"}, "mailgun": {"", "short"},
		} {
			set(provider, words[1]).want(http.StatusUnprocessableEntity).has("#bounces details[open]", 1)
			if words[0] != "" {
				set(provider, words[0]).seesOther("/settings/sending")
			}
		}
		stored, err := s.MailHooks(context.Background(), x.w.ID)
		if err != nil || len(stored) != 3 {
			t.Errorf("stored %+v, %v", stored, err)
		}
		p := m.get("/settings/sending")
		if at, _ := p.Find("#hook-ses").Attr("value"); !strings.HasSuffix(at, "/hooks/mail/ses/"+x.w.Key) {
			t.Errorf("the address is %q", at)
		}
		m.post("/settings/sending/hooks", url.Values{"provider": {"ses"}, "drop": {"yes"}}).seesOther("/settings/sending")
		if _, err := s.MailHook(context.Background(), x.w.ID, surveys.BounceBySES); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("still taken: %v", err)
		}
		set("unheard", "x").want(http.StatusNotFound)
		x.as(surveys.Agent).post("/settings/sending/hooks", url.Values{"provider": {"postmark"}, "word_postmark": {"on"}}).want(http.StatusForbidden)
	})
}

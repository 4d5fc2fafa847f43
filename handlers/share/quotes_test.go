package share_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestNobodyIsQuoted: without comments no word that anybody wrote is on the page,
// its screen or its files, whatever the reader adds to the addresses.
func TestNobodyIsQuoted(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newWall(t, s)
		for i, quote := range []string{"Zanzibar smells of cardamom", "wonderful quokka", "快递太慢了丑八怪"} {
			said := quote + " delivery price support shipping 配送 价格" // themes find it
			r := storetest.Response(t, s, x.survey, []int{0, 10, 2}[i])
			r.Comment, r.PersonID = said, x.person.ID
			r.Day = surveys.Day(s.Now(), x.w.Location())
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		}
		quotes := []string{"Zanzibar", "cardamom", "quokka", "快递太慢", "丑八怪", "parcel", "Ada Lovelace", x.person.Email, x.person.ID}
		for _, query := range []string{"range=365&by=plan", "range=30", "range=365&segment=plan%3Apro"} {
			_, at := x.share(query, nil)
			_, open := x.share(query, func(s *surveys.Share) { s.Comments = true })
			if query != "range=365&segment=plan%3Apro" && !strings.Contains(x.get(open).body, "quokka") {
				t.Fatalf("%s: with comments there is none to be hidden", query)
			}
			addresses := []string{at, at + "/tv"}
			for _, chart := range []string{"trend", "answers", "segments", "asked", "drivers", "said", "themes", "comments"} {
				addresses = append(addresses, at+"/chart/"+chart+".svg", at+"/chart/"+chart+".csv")
			}
			served := 0
			for _, address := range addresses {
				for _, more := range []string{"", "?lang=zh-Hans", "?step=day&comments=1&q=smells&theme=x"} {
					p := x.get(address + more)
					if p.status == http.StatusOK {
						served++
					}
					for _, quote := range quotes {
						if strings.Contains(p.body, quote) {
							t.Errorf("%s%s says %q", address, more, quote)
						}
					}
				}
			}
			if served < 3*(2+4) {
				t.Errorf("%s: only %d pages and files were served", query, served)
			}
		}
	})
}

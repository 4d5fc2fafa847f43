package mailer

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jhillyerd/enmime/v2"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// digestsTo are digests of feedback.example.com.
func digestsTo(t testing.TB, transport Transport, now func() time.Time) *Digests {
	t.Helper()
	catalogue, err := testCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse("https://feedback.example.com")
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDigests(DigestsOptions{URL: address, From: "feedback@shop.example", Catalogue: catalogue, Transport: transport, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newsroom is a member with surveys to be told of.
type newsroom struct {
	office
	user surveys.User
	flow *flow.Digests
}

func newNewsroom(t testing.TB, s *store.Store) *newsroom {
	t.Helper()
	o := newOffice(t, s)
	return &newsroom{office: o, user: storetest.User(t, s, o.workspace.ID, surveys.Viewer), flow: flow.NewDigests(s)}
}

func (n *newsroom) at() flow.Office {
	return flow.Office{Workspace: n.workspace, Zone: n.workspace.Location()}
}

// answers stores a year of answers to a survey, so many each week, which go
// round the scores; the last weeks' go round others.
func (n *newsroom) answers(survey surveys.Survey, each int, usual, last []int) {
	n.t.Helper()
	var list []surveys.Response
	for week := range 52 {
		scores := usual
		if week < 12 {
			scores = last
		}
		for i := range each {
			r := storetest.Response(n.t, n.store, survey, scores[i%len(scores)])
			r.AnsweredAt = n.store.Now().AddDate(0, 0, -7*week-1-i%7)
			r.Day = surveys.Day(r.AnsweredAt, n.workspace.Location())
			r.Comment = fmt.Sprintf("The parcel was late: https://evil.example/%d www.evil.example", i)
			list = append(list, r)
		}
	}
	storetest.Write(n.t, n.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}

// preview is what the digest would tell now.
func (n *newsroom) preview(change func(*surveys.Digest)) flow.Edition {
	n.t.Helper()
	d := surveys.NewDigest(n.user)
	if change != nil {
		change(&d)
	}
	e, err := n.flow.Preview(context.Background(), n.at(), n.user, d)
	if err != nil {
		n.t.Fatal(err)
	}
	return e
}

const wayOut = surveys.Token("abcdefgh0123456789012345678901")

// arrived is a digest as its reader's mail program got it.
type arrived struct {
	*enmime.Envelope
	message smtptest.Message
	page    *goquery.Document // the HTML part
}

// deliver sends a digest of a fall through SMTP.
func (n *newsroom) deliver(t *testing.T) arrived {
	t.Helper()
	n.answers(n.survey, 40, []int{9, 10, 8, 9, 3}, []int{6, 3, 9, 7, 5})
	server := smtptest.New(t)
	d := digestsTo(t, transportTo(t, server.Addr(), patient()), n.store.Now)
	letter, err := d.WriteDigest(t.Context(), n.preview(func(d *surveys.Digest) { d.Comments = true }), wayOut)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.DeliverDigest(t.Context(), n.workspace.ID, letter); got.Outcome != flow.DeliverySent {
		t.Fatalf("delivered as %+v", got)
	}
	a := arrived{message: server.Wait(t, 1)[0]}
	a.Envelope = readMessage(t, a.message.Data)
	if a.page, err = goquery.NewDocumentFromReader(strings.NewReader(a.HTML)); err != nil {
		t.Fatal(err)
	}
	return a
}

const stopAddress = "https://feedback.example.com/digest/" + string(wayOut)

// TestDigestArrives sends a digest through SMTP and reads its headers as the
// big receivers do.
func TestDigestArrives(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, _ *storetest.Clock) {
		n := newNewsroom(t, o.store)
		mail := n.deliver(t)
		if mail.message.From != "feedback@shop.example" || fmt.Sprint(mail.message.To) != "["+n.user.Email+"]" {
			t.Errorf("mailed from %s to %s", mail.message.From, mail.message.To)
		}
		for name, want := range map[string]string{
			"List-Unsubscribe": "<" + stopAddress + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Auto-Submitted": "auto-generated",
			"X-Auto-Response-Suppress": "All", "Precedence": "", "In-Reply-To": "", "References": "", "Reply-To": "", "MIME-Version": "1.0", "X-Mailer": "", "User-Agent": "",
			"List-Id": "<digest." + string(n.workspace.ID) + ".feedback.example.com>", "Subject": "After the order (nps): NPS fell by 75",
			"From": "Hark · Northwind Coffee <feedback@shop.example>", "To": "<" + n.user.Email + ">", "Date": n.store.Now().Format(time.RFC1123Z),
			"Message-ID": fmt.Sprintf("<digest-%s-%s-%d@shop.example>", n.user.ID, analysis.DayOf(n.store.Now(), n.workspace.Location()), n.store.Now().Unix()),
		} {
			if got := mail.GetHeader(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		// Unfolded and exact, byte for byte: providers compare.
		for _, line := range []string{"List-Unsubscribe: <" + stopAddress + ">\r\n", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"} {
			if bytes.Count(mail.message.Data, []byte("\r\n"+line)) != 1 {
				t.Errorf("the message has no line %q", line)
			}
		}
		shape := regexp.MustCompile(`(?s)multipart/(related|alternative).*multipart/(related|alternative).*text/plain.*text/html.*image/png`)
		if !shape.Match(mail.message.Data) {
			t.Error("the parts are not plain text first, then HTML, then the pictures of it")
		}
	})
}

// TestDigestShowsAFall reads what arrived as a person does: the pictures, the
// words of both parts, the links.
func TestDigestShowsAFall(t *testing.T) {
	t.Parallel()
	mail := newNewsroom(t, storetest.Open(t, store.SQLite)).deliver(t)
	if len(mail.Inlines) != 1 || mail.Inlines[0].ContentType != "image/png" {
		t.Fatalf("%d pictures", len(mail.Inlines))
	}
	inline := mail.Inlines[0]
	picture, err := png.Decode(bytes.NewReader(inline.Content))
	if err != nil || picture.Bounds().Dx() != drawingWidth*2 || picture.Bounds().Dy() != drawingHeight*2 || len(inline.Content) > 20<<10 {
		t.Errorf("a picture of %d bytes: %v", len(inline.Content), err)
	}
	if img := mail.page.Find("img"); img.Length() != 1 || img.AttrOr("src", "") != "cid:"+inline.ContentID {
		t.Errorf("the picture is %q, want cid:%s", img.AttrOr("src", ""), inline.ContentID)
	}
	for _, part := range []string{mail.Text, mail.page.Text()} {
		for _, want := range []string{"a real fall", "40 new answers since 23 February 2026", "3 of 10:", "The parcel was late"} {
			if !strings.Contains(part, want) {
				t.Errorf("%q is missing from %s", want, part)
			}
		}
		if strings.Contains(part, "https://evil") || strings.Contains(part, "www.evil") {
			t.Error("a link of a stranger is in the mail")
		}
	}
	// What the page links, the letter links, too.
	for address, words := range map[string]string{
		"score=detractor": "Detractors", "from=2025-09-03&survey=": "90 days before", "from=2025-12-08&survey=": "week of 8 December 2025",
	} {
		if got := mail.page.Find("a[href*='" + address + "']").Text(); !strings.Contains(got, words) {
			t.Errorf("%q leads to the answers of %s, want %q in %s", got, address, words, mail.page.Find("h2 + p + p").Text())
		}
	}
	mail.page.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		if !strings.HasPrefix(a.AttrOr("href", ""), "https://feedback.example.com/") {
			t.Errorf("a link to %s", a.AttrOr("href", ""))
		}
	})
	if !strings.Contains(mail.Text, stopAddress) {
		t.Error("the text has no way out")
	}
}

func TestDigestIsInItsReadersLanguage(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, storetest.Open(t, store.SQLite))
	n.answers(n.survey, 40, []int{9, 10, 8, 9, 3}, []int{9, 10, 8, 9, 3})
	d := digestsTo(t, noTransport{t}, n.store.Now)
	for lang, want := range map[string][]string{
		"en":      {"NPS 40, within normal variation · After the order (nps)", "Your surveys up to", "within normal variation."},
		"zh-Hans": {"NPS 40，属于正常波动 · After the order (nps)", "您的调查，截至", "份回答", "属于正常波动。"},
	} {
		e := n.preview(nil)
		e.User.Locale = lang
		letter, err := d.WriteDigest(t.Context(), e, wayOut)
		if err != nil {
			t.Fatal(err)
		}
		mail := readMessage(t, letter.Message)
		if got := mail.GetHeader("Subject"); got != want[0] {
			t.Errorf("%s: subject %q, want %q", lang, got, want[0])
		}
		for _, words := range want[1:] {
			if !strings.Contains(mail.Text, words) {
				t.Errorf("%s: %q is missing from %s", lang, words, mail.Text)
			}
		}
	}
}

// TestThirtySurveysFit checks Gmail's limit, and what stands where there is no
// room.
func TestThirtySurveysFit(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]int{"thirty": 30, "sixty": 60} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, storetest.Open(t, store.SQLite))
			all := []surveys.Survey{n.survey}
			for len(all) < count {
				all = append(all, storetest.Survey(t, n.store, n.workspace.ID, surveys.Metrics()[len(all)%4]))
			}
			for _, survey := range all[:count-3] {
				n.answers(survey, 2, []int{1, 4}, []int{5, 2})
			}
			d := digestsTo(t, noTransport{t}, n.store.Now)
			letter, err := d.WriteDigest(t.Context(), n.preview(func(d *surveys.Digest) { d.Comments = true }), wayOut)
			if err != nil {
				t.Fatal(err)
			}
			mail := readMessage(t, letter.Message)
			t.Logf("%d surveys: HTML of %d KB, message of %d KB", count, len(mail.HTML)>>10, len(letter.Message)>>10)
			if len(mail.HTML) > 100<<10 || len(letter.Message) > 400<<10 {
				t.Errorf("HTML of %d bytes, message of %d", len(mail.HTML), len(letter.Message))
			}
			html, err := goquery.NewDocumentFromReader(strings.NewReader(mail.HTML))
			if err != nil {
				t.Fatal(err)
			}
			if n := html.Find("h2").Length(); n != 8 {
				t.Errorf("%d surveys are told at length", n)
			}
			if !strings.Contains(mail.Text, "No news from 3 surveys: ") {
				t.Error("the quiet ones are not named")
			}
			if more := count - 3 - 8 - maxDigestLines; more > 0 && !strings.Contains(mail.Text, fmt.Sprintf("And %d more surveys with news", more)) {
				t.Errorf("the %d that have no line are not told: %s", more, mail.Text)
			}
		})
	}
}

func TestFewAnswersShowNothingOfPeople(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, storetest.Open(t, store.SQLite))
	r := storetest.Response(t, n.store, n.survey, 2)
	r.AnsweredAt = n.store.Now().AddDate(0, 0, -2)
	r.Day = surveys.Day(r.AnsweredAt, n.workspace.Location())
	storetest.Write(t, n.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
	letter, err := digestsTo(t, noTransport{t}, n.store.Now).WriteDigest(t.Context(), n.preview(nil), wayOut)
	if err != nil {
		t.Fatal(err)
	}
	mail := readMessage(t, letter.Message)
	if got := mail.GetHeader("Subject"); got != "1 new answer · After the order (nps)" {
		t.Errorf("subject %q", got)
	}
	if len(mail.Inlines) != 0 || strings.Contains(mail.HTML, "Detractors") || strings.Contains(mail.HTML, "<img") {
		t.Error("a score of one person is drawn")
	}
}

func TestPageOfADigestHoldsItsPictures(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, storetest.Open(t, store.SQLite))
	n.answers(n.survey, 10, []int{9, 3}, []int{9, 3})
	d := digestsTo(t, nil, n.store.Now)
	if d.Post() != nil {
		t.Error("something is sent without a transport")
	}
	subject, html, err := d.PageOf(t.Context(), n.preview(nil))
	if err != nil || subject == "" || !strings.Contains(html, `src="data:image/png;base64,`) || strings.Contains(html, "cid:") || strings.Contains(html, "/digest/\"") {
		t.Errorf("%q, %v", subject, err)
	}
}

func TestMailboxShowsThePictures(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, storetest.Open(t, store.SQLite))
	n.answers(n.survey, 10, []int{9, 3}, []int{9, 3})
	box, err := OpenMailbox(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	d := digestsTo(t, box, n.store.Now)
	letter, err := d.WriteDigest(t.Context(), n.preview(nil), wayOut)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.DeliverDigest(t.Context(), n.workspace.ID, letter); got.Outcome != flow.DeliverySent {
		t.Fatal(got)
	}
	heads, err := box.List(9)
	if err != nil || len(heads) != 1 {
		t.Fatalf("%v, %v", heads, err)
	}
	got, err := box.Get(heads[0].ID)
	if err != nil || !strings.Contains(got.HTML, `src="data:image/png;base64,`) || strings.Contains(got.HTML, "cid:") {
		t.Errorf("%v: %.300s", err, got.HTML)
	}
}

func TestWhatBecomesOfADigest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		result Result
		want   flow.DeliveryOutcome
	}{
		{Result{Outcome: Sent}, flow.DeliverySent}, {Result{Outcome: Temporary}, flow.DeliveryLater}, {Result{Outcome: Outage}, flow.DeliveryLater},
		{Result{Outcome: Permanent}, flow.DeliveryRefused}, {Result{Outcome: Permanent, BadAddress: true}, flow.DeliveryNobody}, {Result{Outcome: Unknown}, flow.DeliveryUnknown},
	} {
		d := digestsTo(t, transportFunc(func(context.Context, store.Letter) Result { return c.result }), time.Now)
		if got := d.DeliverDigest(t.Context(), "", store.Letter{}); got.Outcome != c.want {
			t.Errorf("%+v became %s, want %s", c.result, got.Outcome, c.want)
		}
	}
}

func TestDigestsNeedTheirSettings(t *testing.T) {
	t.Parallel()
	address := &url.URL{Scheme: "https", Host: "feedback.example.com"}
	for from, ok := range map[string]bool{"": false, "nobody": false, "feedback@shop.example": true} {
		if _, err := NewDigests(DigestsOptions{URL: address, From: from, Transport: noTransport{t}}); (err == nil) != ok {
			t.Errorf("from %q: %v", from, err)
		}
	}
}

func TestQuotesAreTame(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Late\r\nBcc: x@y.example\x00": "Late Bcc: x@y.example",
		"see http://evil.example":      "see http evil.example",
		"www.evil.example":             "www evil.example",
		strings.Repeat("慢", 400):       strings.Repeat("慢", 279) + "…",
		" <b>loud</b> ":                "<b>loud</b>", // escaped where it is shown
	} {
		if got := plainly(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

package office

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// suppress keeps mails from an address for a reason.
func (x *team) suppress(email string, reason surveys.Suppression) {
	x.t.Helper()
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.Suppress(ctx, x.w, email, reason) })
}

func (x *team) reason(email string) surveys.Suppression {
	x.t.Helper()
	why, err := x.store.Suppression(context.Background(), x.w, email)
	if err != nil {
		x.t.Fatal(err)
	}
	return why
}

// releasePathOf is where the page leads to release an address.
func (x *team) releasePathOf(email string) string {
	x.t.Helper()
	a, err := x.store.SuppressedAddress(context.Background(), x.w, email)
	if err != nil || a.Reason == "" {
		x.t.Fatalf("%s: %+v, %v", email, a, err)
	}
	return releasePath(a)
}

// TestSuppressionsFromTheStart: the page teaches, and the settings lead to it.
func TestSuppressionsFromTheStart(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	m.get("/settings").has(`main a[href="/settings/suppressions"]`, 1)
	p := m.get("/settings/suppressions").want(http.StatusOK)
	p.says(".empty h2", "Everybody can be reached")
	p.has(`a[href$="/import"]`, 0)
	p.has(`a[href$="/export"]`, 0)
}

// TestSuppressionList shows reason, source and address, and hides the address
// of whoever was erased.
func TestSuppressionList(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		gone := storetest.Person(t, s, x.w.ID)
		x.suppress(gone.Email, surveys.SuppressedUnsubscribed)
		x.suppress("ada@customers.example", surveys.SuppressedBounced)
		x.suppress("grace@customers.example", surveys.SuppressedComplained)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, x.w.ID, gone.ID) })
		m := x.as(surveys.Agent)
		p := m.get("/settings/suppressions").want(http.StatusOK)
		p.has(".suppressions tbody tr", 3)
		p.says(".suppressions", "Erased")
		p.has(`.suppressions a[href="/people?q=ada%40customers.example"]`, 1)
		if strings.Contains(p.Text(), gone.Email) {
			t.Error("the page tells the address of somebody who was erased")
		}
		m.get("/settings/suppressions?reason=bounced").has(".suppressions tbody tr", 1)
		m.get("/settings/suppressions?reason=nothing").has(".suppressions tbody tr", 3)
		m.get("/settings/suppressions?address="+url.QueryEscape(" ADA@customers.example ")).says("main", "ada@customers.example gets no mail.")
		m.get("/settings/suppressions?address="+url.QueryEscape(gone.Email)).says("main", "gets no mail.")
		m.get("/settings/suppressions?address=free@customers.example").says("main", "free@customers.example gets mail.")
		m.get("/settings/suppressions?address=nonsense").has("#field-address-error", 1)
	})
}

// TestSuppressionIsAddedAndReleased adds, releases and takes the release back;
// what the person wanted asks for their wish.
func TestSuppressionIsAddedAndReleased(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		person := storetest.Person(t, s, x.w.ID)
		letter := storetest.Invitation(t, s, storetest.Survey(t, s, x.w.ID, surveys.NPS), person)
		m := x.as(surveys.Agent)
		m.post("/settings/suppressions", url.Values{"address": {"no address"}}).want(http.StatusUnprocessableEntity).has("#field-address-error", 1)
		m.post("/settings/suppressions", url.Values{"address": {strings.ToUpper(person.Email)}}).want(http.StatusSeeOther)
		if x.reason(person.Email) != surveys.SuppressedByTeam {
			t.Error("not added")
		}
		if i, err := s.Invitation(context.Background(), x.w.ID, letter.ID); err != nil || i.State != surveys.InvitationSuppressed {
			t.Errorf("what was scheduled is %s, %v", i.State, err)
		}
		at := x.releasePathOf(person.Email)
		m.get(at).want(http.StatusOK).has(`input[name="grounds"]`, 0)
		m.post(at, nil).want(http.StatusSeeOther)
		if x.reason(person.Email) != "" {
			t.Error("not released")
		}
		undo := strings.Replace(at, "/release", "/restore", 1)
		said := m.get("/settings/suppressions?released=" + strings.Split(at, "/")[3])
		said.says(".note", "gets mail again")
		said.has(fmt.Sprintf(`form[action="%s"]`, undo), 1)
		m.post(undo, nil).want(http.StatusSeeOther)
		if x.reason(person.Email) != surveys.SuppressedByTeam {
			t.Error("not restored")
		}
		for _, reason := range []surveys.Suppression{surveys.SuppressedUnsubscribed, surveys.SuppressedComplained} {
			email := string(reason) + "@customers.example"
			x.suppress(email, reason)
			at := x.releasePathOf(email)
			m.get(at).has(`input[name="grounds"]`, 1)
			m.post(at, nil).want(http.StatusUnprocessableEntity).has("#field-grounds-error", 1)
			if x.reason(email) != reason {
				t.Errorf("%s was released without the person's wish", reason)
			}
			m.post(at, url.Values{"grounds": {"person"}}).want(http.StatusSeeOther)
			if x.reason(email) != "" {
				t.Errorf("%s was not released", reason)
			}
		}
		const dead = "dead@customers.example"
		x.suppress(dead, surveys.SuppressedBounced)
		x.suppress(dead, surveys.SuppressedUnsubscribed)
		at = x.releasePathOf(dead)
		m.post(at, url.Values{"grounds": {"person"}}).want(http.StatusSeeOther)
		if x.reason(dead) != surveys.SuppressedBounced {
			t.Errorf("a wish that was taken back made a dead address %q", x.reason(dead))
		}
		m.post(at, nil).want(http.StatusUnprocessableEntity) // whoever saw another reason on the page
		works, _ := m.get(at).Find(`input[name="grounds"]`).Attr("value")
		m.post(at, url.Values{"grounds": {works}}).want(http.StatusSeeOther)
		if x.reason(dead) != "" {
			t.Error("a dead address was not released by who knows that it works")
		}
		m.get("/settings/suppressions/zz/release").want(http.StatusNotFound)
		m.get("/settings/suppressions/00ff/release").want(http.StatusNotFound)
		viewer := x.as(surveys.Viewer)
		viewer.post("/settings/suppressions", url.Values{"address": {"a@b.example"}}).want(http.StatusForbidden)
		m.get("/settings/suppressions/export").want(http.StatusForbidden)
	})
}

// uploadAddresses sends a file of addresses to be checked.
func (m *member) uploadAddresses(file string, reason surveys.Suppression) *page {
	m.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("reason", string(reason))
	part, err := form.CreateFormFile("file", "addresses.csv")
	if err != nil {
		m.t.Fatal(err)
	}
	_, _ = part.Write([]byte(file))
	_ = form.Close()
	request := httptest.NewRequest(http.MethodPost, "/settings/suppressions/check", &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return m.send(request)
}

// TestSuppressionImport previews a file with all that can be wrong with it, and
// stores it only when that is confirmed; the export can be taken in again.
func TestSuppressionImport(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		x.suppress("known@customers.example", surveys.SuppressedUnsubscribed)
		file := "\ufeffEmail;Reason\r\nada@customers.example;bounced\r\nGRACE@customers.example\r\nada@customers.example;\r\nbroken@@x;\r\nknown@customers.example;stopped\r\n=1+1;\r\n阿达@例子.example;complained\r\n"
		p := m.uploadAddresses(file, surveys.SuppressedUnsubscribed).want(http.StatusOK)
		p.says("main", "3 addresses will get no mail any more.")
		p.says("main", "1 address gets no mail already.")
		p.says("main", "2 lines without a valid address")
		p.says("main", "1 line with an address from further up")
		if x.reason("ada@customers.example") != "" {
			t.Error("stored before it was confirmed")
		}
		packed, _ := p.Find(`input[name="packed"]`).Attr("value")
		m.post("/settings/suppressions/import", url.Values{"packed": {packed}, "reason": {"unsubscribed"}}).seesOther("/settings/suppressions")
		for email, want := range map[string]surveys.Suppression{
			"ada@customers.example": surveys.SuppressedBounced, "grace@customers.example": surveys.SuppressedUnsubscribed,
			"known@customers.example": surveys.SuppressedUnsubscribed, "阿达@例子.example": surveys.SuppressedComplained,
		} {
			if got := x.reason(email); got != want {
				t.Errorf("%s: %q, want %q", email, got, want)
			}
		}
		export := m.get("/settings/suppressions/export").want(http.StatusOK).Text()
		if n := strings.Count(strings.TrimSpace(export), "\n"); n != 4 {
			t.Errorf("the file has %d lines below its header:\n%s", n, export)
		}
		m.uploadAddresses(export, surveys.SuppressedByTeam).says("main", "4 addresses get no mail already.")
		m.uploadAddresses("", surveys.SuppressedByTeam).want(http.StatusUnprocessableEntity).has("#field-file-error", 1)
		m.post("/settings/suppressions/import", url.Values{"packed": {"x"}, "reason": {"unsubscribed"}}).want(http.StatusUnprocessableEntity)
	})
}

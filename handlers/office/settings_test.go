package office

import (
	"bytes"
	"context"
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

// settings is what a browser sends when nothing was changed.
func usualSettings() url.Values {
	return url.Values{"name": {"Northwind"}, "color": {"#3949ab"}, "timezone": {"Europe/Berlin"}, "locale": {"en"},
		"address": {"Kaffeeweg 1\r\n10115 Berlin"}, "segments": {"plan\r\ncountry"}}
}

// upload posts the settings with a picture.
func (m *member) upload(form url.Values, name string, content []byte) *page {
	m.t.Helper()
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for field, values := range form {
		if err := writer.WriteField(field, values[0]); err != nil {
			m.t.Fatal(err)
		}
	}
	file, err := writer.CreateFormFile("logo", name)
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := file.Write(content); err != nil {
		m.t.Fatal(err)
	}
	writer.Close()
	request := httptest.NewRequest(http.MethodPost, "/settings", &body)
	request.Header.Set("Content-Type", writer.FormDataContentType())
	return m.send(request)
}

func TestSettingsAreSaved(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		p := m.get("/settings").want(http.StatusOK)
		if p.value("name") != x.w.Name || p.value("segments") != "country\nplan" {
			t.Errorf("the form holds %q and %q", p.value("name"), p.value("segments"))
		}
		m.post("/settings", usualSettings()).seesOther("/settings")
		got, err := s.Workspace(context.Background(), x.w.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != "Northwind" || got.Color != "#3949ab" || got.Address != "Kaffeeweg 1\n10115 Berlin" || strings.Join(got.Segments, " ") != "plan country" {
			t.Errorf("stored %+v", got)
		}
		m.get("/settings").says(".note.done", "The settings are saved.")
		zone := usualSettings()
		zone.Set("timezone", "Asia/Shanghai")
		m.post("/settings", zone).seesOther("/settings")
		m.get("/settings").says(".note.done", "counted anew")
	})
}

func TestSettingsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	for _, c := range []struct{ name, field, value string }{
		{"no name", "name", ""}, {"no colour", "color", "red"}, {"no zone", "timezone", "Mars/Olympus"}, {"the machine's zone", "timezone", "Local"},
		{"no language", "locale", "xx"}, {"reserved key", "segments", "channel"}, {"key with capitals", "segments", "Plan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			form := usualSettings()
			form.Set(c.field, c.value)
			p := m.post("/settings", form).want(http.StatusUnprocessableEntity)
			p.t = t
			p.has("#field-"+c.field+"-error", 1)
			if got := p.value("name"); got != form.Get("name") {
				t.Errorf("the name %q is lost", got)
			}
		})
	}
	if got, _ := x.store.Workspace(context.Background(), x.w.ID); got.Name != x.w.Name {
		t.Errorf("something was stored: %+v", got)
	}
}

func TestAPIKeyIsShownOnce(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	p := m.post("/settings/keys", url.Values{"key_name": {"Web shop"}, "scopes": {"events", "read"}}).want(http.StatusCreated)
	secret := p.Find("#secret-text").AttrOr("value", "")
	token, ok := strings.CutPrefix(secret, surveys.APIKeyPrefix)
	if !ok {
		t.Fatalf("the secret is %q", secret)
	}
	_, key, err := x.site.Directory.APIKey(context.Background(), surveys.Token(token))
	if err != nil || key.Name != "Web shop" || !key.Allows(surveys.ScopeEvents) || key.Allows(surveys.ScopeResponses) {
		t.Errorf("the secret opens %+v, %v", key, err)
	}
	if p.header.Get("Cache-Control") != "no-store" {
		t.Error("the secret may be cached")
	}
	p = m.get("/settings").want(http.StatusOK)
	p.has("#secret", 0)
	p.says("#keys tbody", "Web shop")
	if address, _ := p.Find("#keys tbody a").Attr("href"); address != "/settings/keys/"+key.ID+"/delete" {
		t.Errorf("the way to delete it is %q", address)
	}
	m.get("/settings/keys/"+key.ID+"/delete").want(http.StatusOK).says("h1", "Delete the key “Web shop”?")
	m.get("/settings/keys/nope/delete").want(http.StatusNotFound)
	m.post("/settings/keys/"+key.ID+"/delete", url.Values{}).seesOther("/settings#keys")
	m.get("/settings").has("#keys tbody tr", 0)
}

func TestAPIKeyNeedsNameAndScope(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	p := m.post("/settings/keys", url.Values{"key_name": {" "}, "scopes": {"read"}}).want(http.StatusUnprocessableEntity)
	p.has("#field-key_name-error", 1)
	p.has(`input[name="scopes"][value="read"][checked]`, 1)
	p = m.post("/settings/keys", url.Values{"key_name": {"Shop"}}).want(http.StatusUnprocessableEntity)
	p.says("#keys fieldset .error", "missing")
	if p.value("key_name") != "Shop" {
		t.Errorf("the name is lost: %q", p.value("key_name"))
	}
	m.post("/settings/keys", url.Values{"key_name": {"Shop"}, "scopes": {"everything"}}).want(http.StatusUnprocessableEntity)
}

func TestSettingsAreLockedForThoseWhoOnlyLook(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	p := x.as(surveys.Viewer).get("/settings").want(http.StatusOK)
	p.has("fieldset[disabled]", 1)
	p.has("#keys", 0)
	p.says(".note", "not change them")
}

package office

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestVisitorsPage: a key is made and its secret shown once, two live at once, one is
// removed after a question, and the survey may be for known visitors only.
func TestVisitorsPage(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, path := x.as(surveys.Manager), "/surveys/"+survey.ID+"/embed/visitors"
	if text := m.get(path).want(http.StatusOK).text("main"); !strings.Contains(text, "There is no key yet") {
		t.Errorf("without a key: %s", text)
	}
	made := m.post(path+"/keys", nil).want(http.StatusCreated)
	secret, _ := made.Find("#secret-text").Attr("value")
	if len(secret) != 43 || strings.Contains(m.get(path).want(http.StatusOK).html(), secret) {
		t.Errorf("the secret %q is not shown just once", secret)
	}
	if lines := m.get("/surveys/" + survey.ID + "/embed").Find("#lines").Text(); !strings.Contains(lines, `token-url="/hark-token"`) {
		t.Errorf("with a key the lines are %s", lines)
	}
	if text := m.post(path+"/keys", url.Values{"algorithm": {"EdDSA"}, "public": {"my key"}}).want(http.StatusUnprocessableEntity); !strings.Contains(text.text("main"), "This is no Ed25519 public key") || text.value("public") != "my key" {
		t.Errorf("words for a key: %s", text.text("main"))
	}
	m.post(path+"/keys", url.Values{"algorithm": {"EdDSA"}, "public": {"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"}}).want(http.StatusSeeOther)
	if text := m.post(path+"/keys", nil).want(http.StatusConflict).text("main"); !strings.Contains(text, "Two keys live already") {
		t.Errorf("a third key: %s", text)
	}
	keys, err := x.store.IdentityKeys(t.Context(), x.w.ID)
	if err != nil || len(keys) != 2 {
		t.Fatalf("there are %+v, %v", keys, err)
	}
	remove := path + "/keys/" + keys[0].ID + "/remove"
	m.get(remove).want(http.StatusOK)
	m.post(remove, nil).want(http.StatusSeeOther)
	m.post(remove, nil).want(http.StatusNotFound)
	if p := m.get(path); !strings.Contains(p.text("main"), "Your key is an Ed25519 key of your own") || !strings.Contains(p.html(), keys[1].ID) {
		t.Errorf("with a key of their own: %s", p.text("main"))
	}
	m.post(path, url.Values{"identified": {"on"}}).want(http.StatusSeeOther)
	if stored, err := x.store.Survey(t.Context(), x.w.ID, survey.ID); err != nil || !stored.Identified {
		t.Errorf("stored %+v, %v", stored, err)
	}
	m.post(path, nil).want(http.StatusSeeOther)
	if stored, err := x.store.Survey(t.Context(), x.w.ID, survey.ID); err != nil || stored.Identified {
		t.Errorf("stored %+v, %v", stored, err)
	}
	x.as(surveys.Agent).get(path).want(http.StatusForbidden)
	stranger := storetest.Workspace(t, x.store)
	x.in(stranger, surveys.Manager).get(path).want(http.StatusNotFound)
}

// TestFlowVisitorsPage: a cancellation flow has lines of its own, signed with the keys of the
// whole workspace, and asks everybody.
func TestFlowVisitorsPage(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	f := m.newFlow(nil)
	path := "/cancellations/" + f.ID + "/visitors"
	if href, _ := m.get("/cancellations/" + f.ID + "/site").want(http.StatusOK).Find(`a[href="` + path + `"]`).Attr("href"); href != path {
		t.Error("the page with the lines does not lead there")
	}
	m.post(path+"/keys", nil).want(http.StatusCreated)
	p := m.get(path).want(http.StatusOK)
	if lines := p.Find("#lines").Text(); !strings.Contains(lines, `"aud": "`+f.PublicID(x.w.Key)+`"`) || !strings.Contains(p.text("main"), "hark-cancel element") || p.Find("[name=identified]").Length() != 0 {
		t.Errorf("the lines are %s of %s", lines, p.text("main"))
	}
	if lines := m.get("/cancellations/" + f.ID + "/site").Find("#element").Text(); !strings.Contains(lines, `token-url="/hark-token"`) {
		t.Errorf("with a key the lines are %s", lines)
	}
	keys, err := x.store.IdentityKeys(t.Context(), x.w.ID)
	if err != nil || len(keys) != 1 {
		t.Fatalf("there are %+v, %v", keys, err)
	}
	m.get(path + "/keys/" + keys[0].ID + "/remove").want(http.StatusOK)
	m.post(path+"/keys/"+keys[0].ID+"/remove", nil).want(http.StatusSeeOther)
	x.as(surveys.Agent).get(path).want(http.StatusForbidden)
	x.in(storetest.Workspace(t, x.store), surveys.Manager).get(path).want(http.StatusNotFound)
}

// TestSnippetsSign runs the lines of each language as a company's server would, and has
// Hark read what they signed.
func TestSnippetsSign(t *testing.T) {
	t.Parallel()
	x := newTeam(t, storetest.OpenAt(t, store.SQLite, time.Now)) // the lines know no other clock
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, path := x.as(surveys.Manager), "/surveys/"+survey.ID+"/embed/visitors"
	secret, _ := m.post(path+"/keys", nil).want(http.StatusCreated).Find("#secret-text").Attr("value")
	visitors := flow.NewVisitors(x.store, storetest.Vault(t))
	for language, run := range map[string]struct {
		file, before, after string
		with                []string
	}{
		"go": {"main.go", "package main\nimport (\n\"crypto/hmac\"\n\"crypto/rand\"\n\"crypto/sha256\"\n\"encoding/base64\"\n\"encoding/json\"\n\"os\"\n\"time\"\n)\n",
			"\nfunc main() { os.Stdout.WriteString(harkToken(\"u-1\", \"anna@example.com\", \"Änne O'Hara\", map[string]any{\"plan\": \"pro\"})) }\n", []string{"go", "run"}},
		"node":   {"token.js", "", "\nprocess.stdout.write(harkToken(\"u-1\", \"anna@example.com\", \"Änne O'Hara\", { plan: \"pro\" }));\n", []string{"node"}},
		"php":    {"token.php", "<?php\n", "\necho hark_token('u-1', 'anna@example.com', \"Änne O'Hara\", ['plan' => 'pro']);\n", []string{"php"}},
		"python": {"token_.py", "", "\nprint(hark_token('u-1', 'anna@example.com', \"Änne O'Hara\", {'plan': 'pro'}), end='')\n", []string{"python3"}},
		"ruby":   {"token.rb", "", "\nprint hark_token('u-1', 'anna@example.com', \"Änne O'Hara\", { plan: 'pro' })\n", []string{"ruby"}},
	} {
		file := filepath.Join(t.TempDir(), run.file)
		code := m.get(path + "?code=" + language).want(http.StatusOK).Find("#lines").Text()
		if err := os.WriteFile(file, []byte(run.before+code+run.after), 0o600); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), run.with[0], append(run.with[1:], file)...)
		command.Env = append(os.Environ(), "HARK_IDENTITY_SECRET="+secret)
		var wrong bytes.Buffer
		command.Stderr = &wrong
		token, err := command.Output()
		if err != nil {
			t.Errorf("%s: %v: %s", language, err, wrong.String())
			continue
		}
		seen, err := visitors.See(t.Context(), x.w, survey, flow.Visit{Text: "visit", Token: string(token)})
		if p := seen.Person; err != nil || p.ExternalID != "u-1" || p.Email != "anna@example.com" || p.Name != "Änne O'Hara" || !reflect.DeepEqual(p.Traits, map[string]any{"plan": "pro"}) {
			t.Errorf("%s: %+v, %v", language, p, err)
		}
	}
}

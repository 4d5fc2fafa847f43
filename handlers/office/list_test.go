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

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// sendList uploads a file with a form.
func (m *member) sendList(form url.Values, file string) *page {
	m.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name := range form {
		if err := w.WriteField(name, form.Get(name)); err != nil {
			m.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "list.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		m.t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, pathLists+"/check", &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	return m.send(request)
}

// hidden are the fields that a preview sends on.
func (p *page) hidden() url.Values {
	form := url.Values{}
	p.Find(`main form input[type="hidden"]`).Each(func(_ int, field *goquery.Selection) {
		form.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	return form
}

// usualList asks a survey over five days from the day of the tests' clock.
func usualList(survey surveys.Survey) url.Values {
	return url.Values{"to": {toSurvey + survey.ID}, "days": {"5"}, "start": {"2026-03-02"}}
}

// stored counts people and rules.
func (x *team) stored() (people, rules int) {
	x.t.Helper()
	list, err := x.store.People(context.Background(), x.w.ID, "", 0, 1000)
	if err != nil {
		x.t.Fatal(err)
	}
	known, err := x.store.Rules(context.Background(), x.w.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	return len(list), len(known)
}

func TestListIsCheckedAndConfirmed(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey, m := storetest.Survey(t, s, x.w.ID, surveys.NPS), x.as(surveys.Manager)
		form := m.get(pathLists + "/new?survey=" + survey.ID).want(http.StatusOK)
		if form.value("to") != toSurvey+survey.ID || form.value("start") != "2026-03-02" {
			t.Errorf("the form begins with %q from %q", form.value("to"), form.value("start"))
		}
		file := "email,name,timezone,plan\n"
		for i := range 100 {
			file += fmt.Sprintf("p%d@x.example,Person %d,Europe/Berlin,pro\n", i, i)
		}
		preview := m.sendList(usualList(survey), file+"p7@x.example,Again,,\nbroken,Bo,,\nq@x.example,Cy,Mars/Olympus,\n").want(http.StatusOK)
		preview.says(".list-says .lead", "101 people will be asked “"+survey.Name+"”, spread evenly from 2 March 2026 to 6 March 2026.")
		preview.says(".list-says .muted", "103 lines")
		preview.has(".list-problem", 3)
		for _, says := range []string{"103broken", "102p7@x.example, first on line 9", "104Mars/Olympus"} {
			if !strings.Contains(strings.Join(strings.Fields(preview.Find(".list-problem tbody tr").Text()), " "), says) {
				t.Errorf("the problems are %q, want %q in it", preview.Find(".list-problem tbody tr").Text(), says)
			}
		}
		if people, rules := x.stored(); people != 0 || rules != 0 {
			t.Fatalf("%d people and %d rules are stored before the confirm", people, rules)
		}
		one := m.sendList(usualList(survey), "email\nada@x.example\n").want(http.StatusOK) // comes in the middle of its five days
		one.says(".list-says .lead", "One person will be asked “"+survey.Name+"”, on 4 March 2026.")
		list := m.post(pathLists, preview.hidden()).want(http.StatusSeeOther).header.Get("Location")
		if err := flow.NewLists(s).Store(t.Context()); err != nil { // what a busy machine left to the job
			t.Fatal(err)
		}
		if people, rules := x.stored(); people != 101 || rules != 1 {
			t.Errorf("%d people and %d rules are stored", people, rules)
		}
		shown := m.get(list).want(http.StatusOK)
		shown.says(".list-says .lead", "101 people wait for their turn, the last on 6 March 2026.")
		again := m.sendList(url.Values{"to": {toRule + list[len(pathLists)+1:]}, "days": {"1"}, "start": {"2026-03-03"}}, file).want(http.StatusOK)
		again.says(".list-says .lead", "Nobody of this file")
		again.has(".list-says button", 0)
		m.post(list+"/withdraw", nil).seesOther(list)
		m.get(list).says(".list-says .lead", "Nobody waits")
	})
}

func TestListSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, m := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), x.as(surveys.Manager)
	event := storetest.Rule(t, x.store, survey)
	good := "email\na@x.example\n"
	cases := []struct {
		name, field, value, file string
		at, says                 string
	}{
		{"no file", "", "", "", "field-file", "The file is empty"},
		{"no header", "", "", "a@x.example\nb@x.example\n", "field-file", "The first line is a person already"},
		{"no address", "", "", "name\nAna\n", "field-file", "No column is called email or id. The first line says: name"},
		{"another encoding", "", "", "email,name\na@x.example,J\xf6rg\n", "field-file", "CSV UTF-8"},
		{"two addresses", "", "", "email,e-mail\na@x.example,b@x.example\n", "field-file", "“email” and “e-mail”"},
		{"no days", "days", "0", good, "field-days", "1"},
		{"letters", "days", "five", good, "field-days", "1"},
		{"yesterday", "start", "2026-03-01", good, "field-start", "Choose today"},
		{"no date", "start", "soon", good, "field-start", "Choose today"},
		{"no survey", "to", "", good, "field-to", "Choose a survey"},
		{"a survey that is not there", "to", toSurvey + event.ID, good, "field-to", "Choose a survey"},
		{"a rule about events", "to", toRule + event.ID, good, "field-to", "Choose a survey"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			form := usualList(survey)
			if c.field != "" {
				form.Set(c.field, c.value)
			}
			p := m.sendList(form, c.file).want(http.StatusUnprocessableEntity)
			p.says("#"+c.at+"-error", c.says)
			if people, rules := x.stored(); people != 0 || rules != 1 {
				t.Errorf("%d people, %d rules", people, rules)
			}
		})
	}
}

// TestListIsCheckedAgain confirms what somebody changed on its way.
func TestListIsCheckedAgain(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, m := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), x.as(surveys.Manager)
	for name, packed := range map[string]string{"nothing": "", "no archive": "abc", "no base64": "a/b+c", "an archive of rubbish": mustPack(t, "rubbish"), "nobody": mustPack(t, "email\nnone\n")} {
		t.Run(name, func(t *testing.T) {
			form := usualList(survey)
			form.Set("packed", packed)
			m.post(pathLists, form).want(http.StatusUnprocessableEntity)
			if people, rules := x.stored(); people != 0 || rules != 0 {
				t.Errorf("%d people, %d rules", people, rules)
			}
		})
	}
}

func mustPack(t *testing.T, file string) string {
	t.Helper()
	packed, err := pack([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

func TestListPacksAndUnpacks(t *testing.T) {
	t.Parallel()
	file := strings.Repeat("email,name\nä@x.example,\"安\"\r\n", 1000)
	got, err := unpack(mustPack(t, file))
	if err != nil || string(got) != file {
		t.Errorf("unpack = %d bytes, %v, want the same %d", len(got), err, len(file))
	}
}

// TestTheExampleIsAList uploads the file that the form shows.
func TestTheExampleIsAList(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, m := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), x.as(surveys.Manager)
	example := m.get(pathLists + "/new").want(http.StatusOK).Find("form pre").Text()
	preview := m.sendList(usualList(survey), example).want(http.StatusOK)
	preview.says(".list-says .lead", "2 people will be asked")
	preview.has(".list-problem", 0)
}

package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
)

// call is a body as the API reads them.
type call struct {
	Score   int            `json:"score"`
	Comment string         `json:"comment"`
	Test    bool           `json:"test"`
	Tags    []string       `json:"tags"`
	Person  *caller        `json:"person"`
	Extra   map[string]any `json:"extra"`
}

type caller struct {
	Email  string         `json:"email"`
	Age    float64        `json:"age"`
	Traits map[string]any `json:"traits"`
}

// nested is a value that nests so deep.
func nested(depth int) string {
	return `{"extra":{"a":` + strings.Repeat("[", depth-2) + strings.Repeat("]", depth-2) + `}}`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	const invalid = http.StatusUnprocessableEntity
	cases := []struct {
		name   string
		body   string
		status int
		code   string // of the problem
		fields string // "path code", or what was read
	}{
		{"a good one", `{"score":9,"comment":"好","tags":["a"],"person":{"email":"a@b.example","traits":{"x":null}}}`, 200, "", ""},
		{"space around", " \r\n{\"score\":9}\n\t ", 200, "", ""},
		{"the same name on two levels", `{"score":1,"extra":{"score":2},"person":{"traits":{"score":3}}}`, 200, "", ""},
		{"the same name in two of a list", `{"extra":{"items":[{"sku":"a"},{"sku":"b"}]}}`, 200, "", ""},
		{"brackets in a text", `{"comment":"` + strings.Repeat("[{", 50) + `\"[["}`, 200, "", ""},
		{"as deep as may be", nested(16), 200, "", ""},
		{"a score as text", `{"score":"9"}`, invalid, "invalid", "score type"},
		{"a score of 6.5", `{"score":6.5}`, invalid, "invalid", "score type"},
		{"a score of true", `{"score":true}`, invalid, "invalid", "score type"},
		{"a score beyond 64 bits", `{"score":9223372036854775808}`, invalid, "invalid", "score type"},
		{"a score that is NaN", `{"score":NaN}`, invalid, "json", ""},
		{"a score of infinity", `{"score":1e999}`, invalid, "invalid", "score type"},
		{"a score with a leading zero", `{"score":09}`, invalid, "json", ""},
		{"a list where an object is", `{"person":[]}`, invalid, "invalid", "person type"},
		{"a text where a list is", `{"tags":"a"}`, invalid, "invalid", "tags type"},
		{"a number where a truth value is", `{"test":1}`, invalid, "invalid", "test type"},
		{"wrong further down", `{"person":{"email":7}}`, invalid, "invalid", "person.email type"},
		{"a list instead of an object", `[{"score":9}]`, invalid, "invalid", "body type"},
		{"a text instead of an object", `"score"`, invalid, "invalid", "body type"},
		{"null instead of an object", ` null `, invalid, "invalid", "body type"},
		{"a field of another name", `{"score":9,"scroe":9}`, invalid, "invalid", "scroe unknown_field"},
		{"a field of another name further down", `{"person":{"mail":"x"}}`, invalid, "invalid", "person.mail unknown_field"},
		{"a field in capitals", `{"Score":9}`, invalid, "invalid", "Score unknown_field"},
		{"a field in both", `{"score":3,"Score":9}`, invalid, "invalid", "Score unknown_field"},
		{"a field in capitals further down", `{"person":{"EMAIL":"x"}}`, invalid, "invalid", "person.EMAIL unknown_field"},
		{"a letter that folds", `{"te\u017ft":true}`, invalid, "invalid", "teſt unknown_field"},
		{"several at once", `{"scroe":9,"person":{"emial":"x"},"score":1,"score":2}`, invalid, "invalid", "scroe unknown_field, person.emial unknown_field, score field_twice"},
		{"any name where any may stand", `{"extra":{"Score":1,"score":2},"person":{"traits":{"A":1,"a":{"Email":2}}}}`, 200, "", ""},
		{"half a character escaped", `{"comment":"\ud83d"}`, invalid, "invalid", "body utf8"},
		{"the other half", `{"comment":"\ude00 x"}`, invalid, "invalid", "body utf8"},
		{"halves in the wrong order", `{"comment":"\ude00\ud83d"}`, invalid, "invalid", "body utf8"},
		{"half a character in a name", `{"extra":{"\uD83Dx":1}}`, invalid, "invalid", "body utf8"},
		{"both halves", `{"comment":"\ud83d\uDE00 \\ud83d \u00e9"}`, 200, "", ""},
		{"an escape that breaks off", `{"comment":"\ud8`, invalid, "json", ""},
		{"a field with markup for a name", `{"<b>":1}`, invalid, "invalid", "<b> unknown_field"},
		{"a field twice", `{"score":9,"score":1}`, invalid, "invalid", "score field_twice"},
		{"a field twice, written otherwise", `{"score":9,"sc\u006fre":1}`, invalid, "invalid", "score field_twice"},
		{"a field twice further down", `{"person":{"traits":{"a":1,"b":{},"a":2}}}`, invalid, "invalid", "person.traits.a field_twice"},
		{"a field twice in a list", `{"extra":{"items":[1,{"sku":"a","sku":"b"}]}}`, invalid, "invalid", "extra.items.sku field_twice"},
		{"a field without a name twice", `{"extra":{"":1,"":2}}`, invalid, "invalid", "extra. field_twice"},
		{"nothing", ``, invalid, "json", ""},
		{"space", `  `, invalid, "json", ""},
		{"no JSON", `score=9`, invalid, "json", ""},
		{"single quotes", `{'score':9}`, invalid, "json", ""},
		{"a comma at the end", `{"score":9,}`, invalid, "json", ""},
		{"broken off", `{"score":9`, invalid, "json", ""},
		{"two values", `{"score":9}{"score":1}`, invalid, "json_trailing", ""},
		{"a bracket behind", `{"score":9}]`, invalid, "json_trailing", ""},
		{"a brace behind", `{"score":9}}`, invalid, "json_trailing", ""},
		{"words behind", `{"score":9} thanks`, invalid, "json_trailing", ""},
		{"too deep", nested(17), invalid, "json_deep", ""},
		{"far too deep", strings.Repeat("[", 60_000), invalid, "json_deep", ""},
		{"far too deep in objects", strings.Repeat(`{"a":`, 10_000), invalid, "json_deep", ""},
		{"no UTF-8", "{\"comment\":\"\xff\"}", invalid, "utf8_body", ""},
		{"half a character", "{\"comment\":\"\xe5\xa5\"}", invalid, "utf8_body", ""},
		{"a mark of the byte order", "\ufeff{\"score\":9}", invalid, "json", ""},
		{"too large", `{"comment":"` + strings.Repeat("x", web.JSONBodyLimit) + `"}`, http.StatusRequestEntityTooLarge, "body_large", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			var got call
			e.POST("/", func(ctx echo.Context) error {
				if err := web.Decode(ctx, &got); err != nil {
					return err
				}
				return ctx.NoContent(http.StatusOK)
			}, web.LimitBody(web.JSONBodyLimit))
			for way, body := range map[string]io.Reader{"of a known length": strings.NewReader(c.body), "in chunks": io.MultiReader(strings.NewReader(c.body))} {
				r := send(e, http.MethodPost, "/", body, "Content-Type", "application/json; charset=utf-8")
				if r.Code != c.status {
					t.Fatalf("%s: %d %s, want %d", way, r.Code, r.Body, c.status)
				}
				if c.status != http.StatusOK {
					wantProblem(t, r, c.code, c.fields)
				}
			}
			if c.status == http.StatusOK {
				var want call
				decoder := json.NewDecoder(strings.NewReader(c.body))
				decoder.UseNumber()
				if err := decoder.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("read %+v, want %+v, %v", got, want, err)
				}
			}
		})
	}
}

func TestDecodeTakesOnlyJSON(t *testing.T) {
	t.Parallel()
	for kind, status := range map[string]int{
		"application/json": 200, "Application/JSON": 200, "application/json;charset=utf-8": 200,
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, "application/jsonp": 415, ";": 415,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			e.POST("/", func(c echo.Context) error {
				if err := web.Decode(c, new(call)); err != nil {
					return err
				}
				return c.NoContent(http.StatusOK)
			})
			if r := send(e, http.MethodPost, "/", strings.NewReader(`{}`), "Content-Type", kind); r.Code != status {
				t.Errorf("%d %s, want %d", r.Code, r.Body, status)
			}
		})
	}
}

func TestForm(t *testing.T) {
	t.Parallel()
	const multipart = "--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nGood & 好\r\n--x--\r\n"
	cases := []struct {
		name, kind, body string
		status           int
		want             string // of comment, or the problem's code
	}{
		{"a form", "application/x-www-form-urlencoded", "comment=Good+%26+%E5%A5%BD", 200, "Good & 好"},
		{"a form with a file", "multipart/form-data; boundary=x", multipart, 200, "Good & 好"},
		{"nothing", "application/x-www-form-urlencoded", "", 200, ""},
		{"the query is no form", "application/x-www-form-urlencoded", "score=1", 200, ""},
		{"a broken escape", "application/x-www-form-urlencoded", "comment=%zz", 422, "body_unreadable"},
		{"a file that breaks off", "multipart/form-data; boundary=x", multipart[:60], 422, "body_unreadable"},
		{"a file without its boundary", "multipart/form-data", multipart, 422, "body_unreadable"},
		{"too large", "application/x-www-form-urlencoded", "comment=" + strings.Repeat("x", web.BodyLimit), 413, "body_large"},
		{"a file too large", "multipart/form-data; boundary=x", strings.Replace(multipart, "Good", strings.Repeat("x", web.BodyLimit), 1), 413, "body_large"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			e.POST("/", func(c echo.Context) error {
				form, err := web.Form(c)
				if err != nil {
					return err
				}
				return c.String(http.StatusOK, form.Get("comment"))
			}, web.LimitBody(web.BodyLimit))
			for way, body := range map[string]io.Reader{"of a known length": strings.NewReader(c.body), "in chunks": io.MultiReader(strings.NewReader(c.body))} {
				r := send(e, http.MethodPost, "/?comment=query", body, "Content-Type", c.kind)
				if r.Code != c.status {
					t.Fatalf("%s: %d %s, want %d", way, r.Code, r.Body, c.status)
				}
				if c.status == http.StatusOK && r.Body.String() != c.want {
					t.Errorf("%s: read %q, want %q", way, r.Body, c.want)
				} else if c.status != http.StatusOK {
					wantProblem(t, r, c.want, "")
				}
			}
		})
	}
}

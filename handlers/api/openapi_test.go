package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/api"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// description is the API's OpenAPI document, as far as the tests read it.
type description struct {
	OpenAPI    string                                `json:"openapi"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas   map[string]schema        `json:"schemas"`
		Responses map[string]responseShape `json:"responses"`
	} `json:"components"`
}

type operation struct {
	Responses map[string]responseShape `json:"responses"`
}

type responseShape struct {
	Ref     string `json:"$ref"`
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

// schema is the part of JSON Schema that the document uses. The test of the
// document refuses other keywords of weight.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Enum       []string          `json:"enum"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Additional json.RawMessage   `json:"additionalProperties"`
	Items      *schema           `json:"items"`
	OneOf      []schema          `json:"oneOf"`
}

// describe reads the document from the API itself.
func describe(t *testing.T, handler http.Handler) description {
	t.Helper()
	b := &bundle{t: t, handler: handler}
	got := b.send(call{path: "/openapi.json"})
	var d description
	if err := json.Unmarshal(got.body, &d); err != nil || got.status != http.StatusOK {
		t.Fatalf("read the description: %d, %v", got.status, err)
	}
	return d
}

// operations are the document's methods and paths, in echo's notation.
func (d description) operations() []string {
	var list []string
	parameter := regexp.MustCompile(`\{([a-z]+)\}`)
	for path, methods := range d.Paths {
		for method := range methods {
			if method != "parameters" {
				list = append(list, strings.ToUpper(method)+" "+parameter.ReplaceAllString(path, ":$1"))
			}
		}
	}
	slices.Sort(list)
	return list
}

func TestDescriptionHasEveryRoute(t *testing.T) {
	t.Parallel()
	site := webtest.Site(t, storetest.Open(t, store.SQLite))
	e := echo.New()
	api.Register(e, site)
	var routes []string
	for _, route := range e.Routes() {
		routes = append(routes, route.Method+" "+route.Path)
	}
	slices.Sort(routes)
	d := describe(t, webtest.Handler(site, api.Register, site.WriteProblem))
	if described := d.operations(); !slices.Equal(routes, described) {
		t.Errorf("the routes are\n%s\nand described are\n%s", strings.Join(routes, "\n"), strings.Join(described, "\n"))
	}
	if d.OpenAPI != "3.1.0" {
		t.Errorf("the document is OpenAPI %s", d.OpenAPI)
	}
}

// TestDescriptionIsWhole: references lead somewhere, required fields exist, and
// objects say whether they may hold more.
func TestDescriptionIsWhole(t *testing.T) {
	t.Parallel()
	site := webtest.Site(t, storetest.Open(t, store.SQLite))
	d := describe(t, webtest.Handler(site, api.Register, site.WriteProblem))
	used := map[string]bool{}
	var walk func(where string, s schema)
	walk = func(where string, s schema) {
		if name, isRef := strings.CutPrefix(s.Ref, "#/components/schemas/"); isRef {
			used[name] = true
			if _, ok := d.Components.Schemas[name]; !ok {
				t.Errorf("%s refers to %s, which is not there", where, name)
			}
			return
		}
		for _, name := range s.Required {
			if _, ok := s.Properties[name]; !ok {
				t.Errorf("%s requires %s, which it does not have", where, name)
			}
		}
		if s.Type == "object" && s.Additional == nil {
			t.Errorf("%s does not say whether it may hold more", where)
		}
		for name, property := range s.Properties {
			walk(where+"."+name, property)
		}
		if s.Items != nil {
			walk(where+"[]", *s.Items)
		}
		for _, one := range s.OneOf {
			walk(where, one)
		}
		var more schema
		if len(s.Additional) > 0 && s.Additional[0] == '{' && json.Unmarshal(s.Additional, &more) == nil {
			walk(where+".*", more)
		}
	}
	for name, s := range d.Components.Schemas {
		walk(name, s)
	}
	raw, err := json.Marshal(d.Paths)
	if err != nil {
		t.Fatal(err)
	}
	for name := range d.Components.Schemas {
		if !used[name] && !strings.Contains(string(raw), `schemas/`+name+`"`) && name != "Problem" {
			t.Errorf("the schema %s is used nowhere", name)
		}
	}
}

// check holds an answer to the description: its status is described for the
// operation, its kind too, and its body fits the schema with nothing more.
func (d description) check(method, path string, got reply) error {
	for template, methods := range d.Paths {
		raw, ok := methods[strings.ToLower(method)]
		if !ok || !regexp.MustCompile("^"+regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), "[^/]+")+"$").MatchString(path) {
			continue
		}
		var o operation
		if err := json.Unmarshal(raw, &o); err != nil {
			return err
		}
		shape, ok := o.Responses[fmt.Sprint(got.status)]
		if !ok {
			return fmt.Errorf("%s %s: the status %d is not described", method, template, got.status)
		}
		if name, isRef := strings.CutPrefix(shape.Ref, "#/components/responses/"); isRef {
			shape = d.Components.Responses[name]
		}
		if len(shape.Content) == 0 && len(got.body) == 0 {
			return nil // such as 204
		}
		content, ok := shape.Content[got.header.Get("Content-Type")]
		if !ok {
			return fmt.Errorf("%s %s: %d is described, but not as %s", method, template, got.status, got.header.Get("Content-Type"))
		}
		var value any
		if err := json.Unmarshal(got.body, &value); err != nil {
			return err
		}
		if wrong := d.fit("body", content.Schema, value); wrong != "" {
			return fmt.Errorf("%s %s: %d: %s: %s", method, template, got.status, wrong, got.body)
		}
		return nil
	}
	return nil // not an address of the API
}

// fit says where a value departs from a schema; "" where it does not.
func (d description) fit(where string, s schema, value any) string {
	if name, isRef := strings.CutPrefix(s.Ref, "#/components/schemas/"); isRef {
		return d.fit(where, d.Components.Schemas[name], value)
	}
	if len(s.OneOf) > 0 {
		var all []string
		for _, one := range s.OneOf {
			wrong := d.fit(where, one, value)
			if wrong == "" {
				return ""
			}
			all = append(all, wrong)
		}
		return strings.Join(all, "; ")
	}
	if !slices.Contains(typesOf(s.Type), typeOf(value)) && !(typeOf(value) == "integer" && slices.Contains(typesOf(s.Type), "number")) {
		return fmt.Sprintf("%s is %s, described as %v", where, typeOf(value), s.Type)
	}
	switch value := value.(type) {
	case string:
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, value) {
			return fmt.Sprintf("%s is %q, which is not among %v", where, value, s.Enum)
		}
	case []any:
		for i, item := range value {
			if wrong := d.fit(fmt.Sprintf("%s[%d]", where, i), *s.Items, item); wrong != "" {
				return wrong
			}
		}
	case map[string]any:
		return d.fitObject(where, s, value)
	}
	return ""
}

func (d description) fitObject(where string, s schema, value map[string]any) string {
	for _, name := range s.Required {
		if _, ok := value[name]; !ok {
			return where + "." + name + " is missing"
		}
	}
	for name, inner := range value {
		property, ok := s.Properties[name]
		switch {
		case ok:
		case string(s.Additional) == "true":
			continue
		case len(s.Additional) == 0 || string(s.Additional) == "false":
			return where + "." + name + " is not described"
		default:
			if err := json.Unmarshal(s.Additional, &property); err != nil {
				return err.Error()
			}
		}
		if wrong := d.fit(where+"."+name, property, inner); wrong != "" {
			return wrong
		}
	}
	return ""
}

func typesOf(described any) []string {
	switch described := described.(type) {
	case string:
		return []string{described}
	case []any:
		var list []string
		for _, one := range described {
			list = append(list, fmt.Sprint(one))
		}
		return list
	}
	return nil
}

func typeOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if value == math.Trunc(value) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// TestCheckFindsDepartures: the judge of the answers can say no.
func TestCheckFindsDepartures(t *testing.T) {
	t.Parallel()
	site := webtest.Site(t, storetest.Open(t, store.SQLite))
	d := describe(t, webtest.Handler(site, api.Register, site.WriteProblem))
	const good = `{"id":"x","survey_id":"y","repeated":false}`
	for name, c := range map[string]struct {
		status     int
		kind, body string
		fits       bool
	}{
		"as described":         {201, "application/json", good, true},
		"another status":       {200, "application/json", good, false},
		"another kind":         {201, "text/plain", good, false},
		"a field too few":      {201, "application/json", `{"id":"x","survey_id":"y"}`, false},
		"a field too many":     {201, "application/json", good[:len(good)-1] + `,"secret":1}`, false},
		"a field of no type":   {201, "application/json", `{"id":7,"survey_id":"y","repeated":false}`, false},
		"a list":               {201, "application/json", `[]`, false},
		"a problem":            {410, "application/problem+json", `{"type":"a","title":"b","status":410}`, true},
		"a problem with more":  {410, "application/problem+json", `{"type":"a","title":"b","status":410,"stack":"c"}`, false},
		"an answer as problem": {410, "application/json", good, false},
	} {
		got := reply{status: c.status, header: http.Header{"Content-Type": {c.kind}}, body: []byte(c.body)}
		if err := d.check("POST", "/api/v1/surveys/1/responses", got); (err == nil) != c.fits {
			t.Errorf("%s: %v", name, err)
		}
	}
}

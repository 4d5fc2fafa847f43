package surveys

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseOrigin(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://shop.example":                    "https://shop.example",
		" https://Shop.Example/ ":                 "https://shop.example",
		"https://shop.example:443/account?tab=1#": "https://shop.example",
		"https://shop.example:8443":               "https://shop.example:8443",
		"https://xn--mnchen-3ya.example":          "https://xn--mnchen-3ya.example",
		"https://[2001:DB8::1]:8443":              "https://[2001:db8::1]:8443",
		"https://192.0.2.1":                       "https://192.0.2.1",
		"http://localhost:3000":                   "http://localhost:3000",
		"http://app.localhost":                    "http://app.localhost",
		"http://127.0.0.1:80/":                    "http://127.0.0.1",
		"http://[::1]:3000":                       "http://[::1]:3000",
		"http://shop.example":                     "",
		"shop.example":                            "",
		"//shop.example":                          "",
		"https://":                                "",
		"https://*.shop.example":                  "",
		"https://shop.example https://evil.test":  "",
		"https://shop.example;script-src *":       "",
		"https://ada:secret@shop.example":         "",
		"https://münchen.example":                 "",
		"https://shop.example:port":               "",
		"javascript:alert(1)":                     "",
		"data:text/html,x":                        "",
		"null":                                    "",
		"*":                                       "",
		"":                                        "",
		"https://" + strings.Repeat("a", 260):     "",
	} {
		if got, ok := ParseOrigin(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestCheckOrigins(t *testing.T) {
	t.Parallel()
	s := Survey{Name: "x", Metric: NPS, Status: SurveyActive, Origins: []string{"https://shop.example/", "https://SHOP.example", "http://localhost:3000"}}
	got, err := s.Check()
	if want := []string{"https://shop.example", "http://localhost:3000"}; err != nil || !reflect.DeepEqual(got.Origins, want) {
		t.Errorf("%v, %v, want %v", got.Origins, err, want)
	}
	s.Origins = []string{"https://shop.example", "https://*"}
	if _, err := s.Check(); err == nil || !strings.Contains(err.Error(), "origins.1") {
		t.Errorf("a wildcard: %v", err)
	}
}

package web_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
)

func TestPlainKeepsTheDigitsOfIDs(t *testing.T) {
	t.Parallel()
	body := `{"values": {"small": 42, "price": 42.5, "float": 1e17, "largest": 9007199254740991, "id": 1234567890123456789, "below": -1234567890123456789,
"beyond": 12345678901234567890, "text": "7", "none": null, "list": [1, 9007199254740993], "in": {"id": 9007199254740992}}}`
	want := map[string]any{
		"small": 42.0, "price": 42.5, "float": 1e17, "largest": 9007199254740991.0, "id": "1234567890123456789", "below": "-1234567890123456789",
		"beyond": "12345678901234567890", "text": "7", "none": nil, "list": []any{1.0, "9007199254740993"}, "in": map[string]any{"id": "9007199254740992"},
	}
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	var got struct {
		Values map[string]any `json:"values"`
	}
	if err := web.Decode(echo.New().NewContext(request, httptest.NewRecorder()), &got); err != nil {
		t.Fatal(err)
	}
	if plain := web.Plain(got.Values); !reflect.DeepEqual(plain, want) {
		t.Errorf("%#v, want %#v", plain, want)
	}
}

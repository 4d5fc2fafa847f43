package web

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/harkhq/hark/surveys"
)

// checkNames says which fields of a body are unknown to the struct behind v, or
// are there twice. The standard decoder would take {"Score": 3} for a score,
// and the last of several: readers differ in that, so both are refused. What is
// no JSON is left for the decoder to tell.
func checkNames(body []byte, v any) []surveys.FieldError {
	n := names{decoder: json.NewDecoder(bytes.NewReader(body))}
	if err := n.value("", reflect.TypeOf(v)); err != nil {
		return nil
	}
	return n.wrong
}

// names walks through a body beside the type that it is read into.
type names struct {
	decoder *json.Decoder
	wrong   []surveys.FieldError
}

// value reads the next value, which is of the type; nil for any. It calls
// itself as deep as the value nests.
func (n *names) value(path string, t reflect.Type) error {
	token, err := n.decoder.Token()
	if err != nil {
		return err
	}
	t = plain(t)
	switch token {
	case json.Delim('{'):
		return n.object(path, t)
	case json.Delim('['):
		if t != nil && t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		for n.decoder.More() {
			if err := n.value(path, t); err != nil {
				return err
			}
		}
		_, err = n.decoder.Token()
	}
	return err
}

// object reads the fields of an object whose brace was read.
func (n *names) object(path string, t reflect.Type) error {
	seen := make(map[string]bool)
	for n.decoder.More() {
		token, err := n.decoder.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		at := strings.TrimPrefix(path+"."+name, ".")
		of, known := field(t, name)
		switch {
		case seen[name]:
			n.wrong = append(n.wrong, surveys.FieldError{Path: at, Code: "field_twice"})
		case !known:
			n.wrong = append(n.wrong, surveys.FieldError{Path: at, Code: "unknown_field"})
		}
		seen[name] = true
		if err := n.value(at, of); err != nil {
			return err
		}
	}
	_, err := n.decoder.Token()
	return err
}

// plain is the type behind pointers, and nil for one that reads its JSON itself.
func plain(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	return t
}

// field is the type of a field of a struct or a map. Every name is known where
// anything may stand.
func field(t reflect.Type, name string) (of reflect.Type, known bool) {
	switch {
	case t == nil:
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() != reflect.Struct:
		return nil, true // the decoder tells that it is no object
	}
	for f := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(f).Tag.Get("json"), ","); tag == name && tag != "" {
			return t.Field(f).Type, true
		}
	}
	return nil, false
}

// loneSurrogate finds an escape such as \ud800 that is one half of a character.
// The decoder would put a replacement character in its place.
func loneSurrogate(body []byte) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		first, ok := escaped(body[i:])
		switch {
		case !ok:
			i++ // what is escaped, such as another backslash
		case !utf16.IsSurrogate(first):
			i += 5
		default:
			second, ok := escaped(body[i+6:])
			if !ok || utf16.DecodeRune(first, second) == '\ufffd' {
				return true
			}
			i += 11
		}
	}
	return false
}

// escaped reads an escape of the form \u0041 at the start of a text.
func escaped(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	code, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(code), err == nil
}

package surveys

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Person is somebody who may be asked. The company names them by an id of its
// own, by a mail address, or both.
type Person struct {
	WorkspaceID WorkspaceID
	ID          string
	ExternalID  string         // the company's own id; "" when only the address is known
	Email       string         // in [NormalEmail] form; "" when there is none
	Name        string         // as the company writes it
	Locale      string         // BCP 47; "" when unknown
	TimeZone    string         // IANA name; "" when unknown
	Traits      map[string]any // what the company tells about them: plan, country, …
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// MaxJSONBytes bounds the traits of a person and the properties of an event,
// as JSON.
const MaxJSONBytes = 16 << 10

// Check returns the person with normal forms, or what is wrong; paths start
// with prefix.
func (p Person) Check(prefix string) (Person, []FieldError) {
	p.Email, p.ExternalID = NormalEmail(p.Email), strings.TrimSpace(p.ExternalID)
	p.Name = strings.TrimSpace(p.Name)
	var wrong []FieldError
	if p.Email == "" && p.ExternalID == "" {
		return p, []FieldError{{Path: strings.TrimSuffix(prefix, "."), Code: "person"}}
	}
	if p.Email != "" && !ValidEmail(p.Email) {
		wrong = append(wrong, FieldError{Path: prefix + "email", Code: "email"})
	}
	wrong = append(wrong, checkLength(prefix+"id", p.ExternalID, 0, 200)...)
	wrong = append(wrong, checkLength(prefix+"name", p.Name, 0, 200)...)
	wrong = append(wrong, checkLength(prefix+"locale", p.Locale, 0, 35)...)
	if p.TimeZone != "" {
		if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "Local" {
			wrong = append(wrong, FieldError{Path: prefix + "timezone", Code: "timezone"})
		}
	}
	wrong = append(wrong, checkJSON(prefix+"traits", p.Traits)...)
	return p, wrong
}

func checkJSON(path string, values map[string]any) []FieldError {
	raw, err := json.Marshal(values)
	if err != nil {
		return []FieldError{{Path: path, Code: "json"}}
	}
	if len(raw) > MaxJSONBytes {
		return []FieldError{{Path: path, Code: "too_large", Args: map[string]any{"max": MaxJSONBytes >> 10}}}
	}
	// A zero byte is refused by PostgreSQL's jsonb; an escaped backslash before
	// "u0000" is text.
	if strings.Contains(strings.ReplaceAll(string(raw), `\\`, ""), `\u0000`) {
		return []FieldError{{Path: path, Code: "utf8"}}
	}
	return nil
}

// Merge returns p with what news brings: fields that news leaves empty stay,
// traits are laid over the old ones, and a trait of null is removed.
func (p Person) Merge(news Person) Person {
	for _, field := range []struct{ mine, new *string }{
		{&p.ExternalID, &news.ExternalID}, {&p.Email, &news.Email}, {&p.Name, &news.Name},
		{&p.Locale, &news.Locale}, {&p.TimeZone, &news.TimeZone},
	} {
		if *field.new != "" {
			*field.mine = *field.new
		}
	}
	traits := make(map[string]any, len(p.Traits)+len(news.Traits))
	for key, value := range p.Traits {
		traits[key] = value
	}
	for key, value := range news.Traits {
		if value == nil {
			delete(traits, key)
			continue
		}
		traits[key] = value
	}
	p.Traits = traits
	return p
}

// Label is how a page names the person: by name, address or id, the first that
// is known.
func (p Person) Label() string {
	for _, label := range []string{p.Name, p.Email, p.ExternalID} {
		if label != "" {
			return label
		}
	}
	return "–"
}

// TraitText is the form in which a trait or property becomes a segment value:
// text, numbers and truth values; "" for anything else.
func TraitText(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case bool, int, int64:
		return fmt.Sprint(v)
	case float64: // every number of a JSON text, so 1234567 must stay one
		if math.Abs(v) < 1<<53 { // beyond, digits may be lost
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return ""
}

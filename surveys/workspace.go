package surveys

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// WorkspaceID names a workspace. It is a type of its own so that no look-up
// can be written without one.
type WorkspaceID string

// Limits of what a workspace declares.
const (
	MaxSegmentKeys   = 20  // declared segment keys
	MaxSegmentValues = 200 // values counted under one key; the rest is [OtherValue]
	MaxLogoBytes     = 64 << 10
)

// OtherValue is where answers are counted whose segment value came after the
// first [MaxSegmentValues]. Customers have values such as "other" of their own; none
// has asterisks around it.
const OtherValue = "*other*"

// Workspace is one company's own Hark: its people, surveys and answers are
// never seen from another.
type Workspace struct {
	ID        WorkspaceID
	Key       string // eight characters that start every public token of the workspace
	Name      string // the company, as its customers know it
	Color     string // brand colour, "#rrggbb"
	Logo      []byte // PNG, JPEG or WebP; nil when there is none
	LogoType  string // MIME type of Logo
	TimeZone  string // IANA name; days of reports begin in it
	Locale    string // language of mails to people whose own is unknown
	Address   string // postal address, printed in each mail
	ReplyTo   string // where answers to mails go; "" for the sender
	Segments  []string
	Caps      Caps     // how often its people are asked at most
	Holidays  Holidays // days on which it mails nobody
	Secret    []byte   // 32 random bytes that key the workspace's own MACs
	CreatedAt time.Time
}

// Location returns the workspace's time zone, and UTC when its name is not
// known to this machine.
func (w Workspace) Location() *time.Location {
	loc, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

var (
	colorPattern   = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	segmentPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// Check returns the workspace with its texts trimmed, or what is wrong with it.
func (w Workspace) Check() (Workspace, error) {
	w.Name, w.Address, w.ReplyTo = strings.TrimSpace(w.Name), strings.TrimSpace(w.Address), strings.TrimSpace(w.ReplyTo)
	w.Color = strings.ToLower(w.Color)
	var wrong []FieldError
	wrong = append(wrong, checkLength("name", w.Name, 1, 80)...)
	wrong = append(wrong, checkLength("address", w.Address, 0, 300)...)
	if !colorPattern.MatchString(w.Color) {
		wrong = append(wrong, FieldError{Path: "color", Code: "color"})
	}
	if _, err := time.LoadLocation(w.TimeZone); err != nil || w.TimeZone == "" || w.TimeZone == "Local" {
		wrong = append(wrong, FieldError{Path: "timezone", Code: "timezone"})
	}
	if w.ReplyTo != "" && !ValidEmail(w.ReplyTo) {
		wrong = append(wrong, FieldError{Path: "reply_to", Code: "email"})
	}
	if !slices.Contains(Locales(), w.Locale) {
		wrong = append(wrong, foreign("locale", Locales()))
	}
	wrong = append(wrong, w.checkSegments()...)
	wrong = append(wrong, w.checkLogo()...)
	wrong = append(wrong, w.Caps.Check()...)
	wrong = append(wrong, w.Holidays.Check("holidays")...)
	return w, Wrong(wrong...)
}

func (w Workspace) checkSegments() []FieldError {
	if len(w.Segments) > MaxSegmentKeys {
		return []FieldError{{Path: "segments", Code: "segments_many", Args: map[string]any{"max": MaxSegmentKeys}}}
	}
	for i, key := range w.Segments {
		if !segmentPattern.MatchString(key) || key == SegmentChannel || key == SegmentVersion || slices.Contains(w.Segments[:i], key) {
			return []FieldError{{Path: "segments", Code: "segment_key", Args: map[string]any{"key": key}}}
		}
	}
	return nil
}

func (w Workspace) checkLogo() []FieldError {
	if len(w.Logo) == 0 {
		return nil
	}
	if len(w.Logo) > MaxLogoBytes {
		return []FieldError{{Path: "logo", Code: "logo_size", Args: map[string]any{"max": MaxLogoBytes >> 10}}}
	}
	if !slices.Contains([]string{"image/png", "image/jpeg", "image/webp"}, w.LogoType) {
		return []FieldError{{Path: "logo", Code: "logo_type"}}
	}
	return nil
}

// foreign reports a language that Hark does not speak there, and those it does.
func foreign(path string, spoken []string) FieldError {
	return FieldError{Path: path, Code: "locale", Args: map[string]any{"languages": strings.Join(spoken, ", ")}}
}

// Locales lists the languages that the back office and its mails speak, as
// BCP 47 tags; the first is the fallback.
func Locales() []string { return []string{"en", "zh-Hans"} }

// RespondentLocales lists the languages that Hark speaks to customers, on pages and
// in letters, and in which authors may write: [Locales], and those that the team
// need not speak.
func RespondentLocales() []string {
	return append(Locales(), "ar", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nb", "nl", "pl", "pt-BR", "pt-PT", "ro", "ru", "sv", "th", "tr", "uk", "ur", "vi", "zh-Hant")
}

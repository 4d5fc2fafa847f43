package surveys

import (
	"strconv"
	"strings"
	"time"
)

// Channel is the way an answer came in.
type Channel string

// The channels.
const (
	ChannelMail   Channel = "mail"   // from an invitation's mail
	ChannelLink   Channel = "link"   // on the survey's public page
	ChannelKiosk  Channel = "kiosk"  // on a tablet that a company puts up
	ChannelEmbed  Channel = "embed"  // within a page of the company's site
	ChannelCancel Channel = "cancel" // at the end of a cancellation flow
	ChannelAPI    Channel = "api"    // sent by a program
	ChannelImport Channel = "import" // from a file
)

// The segment keys that Hark counts by itself, beside the declared ones.
const (
	SegmentChannel = "channel"
	SegmentVersion = "version"
)

// MaxCommentRunes bounds a comment, in characters.
const MaxCommentRunes = 10000

// Response is one answer: a score, and what the person said about it.
type Response struct {
	WorkspaceID  WorkspaceID
	ID           string
	SurveyID     string
	Version      int    // the version of the question that was answered
	InvitationID string // "" when nobody was invited
	PersonID     string // "" when anonymous
	Score        int
	Comment      string
	Locale       string
	Channel      Channel
	Segments     map[string]string // what the answer is counted under, beside everybody
	Ratings      map[string]int    // of the survey's drivers, by their keys; nil for none
	Answers      map[string]Answer // to the follow-ups but the main comment, by their ids; nil for none
	Fields       map[string]string // what the page's address carried of the survey's hidden fields; nil for none
	Asked        []string          // on its way in: the follow-ups that its form asked, see [Response.LaidOver]; not stored
	Knew         *time.Time        `json:"-"` // on its way in: when the answer that its form showed was changed last, zero for none; nil where the form does not say
	Said         time.Time         `json:"-"` // on its way in: when it was said, of a form that waited on its device; zero for now
	Day          int               // the local day on which it is counted, see [Day]
	AnsweredAt   time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Check returns the response with its comment trimmed, or what is wrong.
func (r Response) Check(metric Metric, now time.Time) (Response, []FieldError) {
	r.Comment = strings.TrimSpace(r.Comment)
	wrong := metric.CheckScore(r.Score)
	wrong = append(wrong, checkLength("comment", r.Comment, 0, MaxCommentRunes)...)
	wrong = append(wrong, checkLength("locale", r.Locale, 0, 35)...)
	switch {
	case r.AnsweredAt.After(now.Add(EventLead)):
		wrong = append(wrong, FieldError{Path: "answered_at", Code: "future"})
	case now.Sub(r.AnsweredAt) > EventOldest:
		wrong = append(wrong, FieldError{Path: "answered_at", Code: "ancient"})
	}
	return r, wrong
}

// SegmentsOf says what a response is counted under: its channel, the version
// of its question, and each declared key that the sources tell, the first
// source that knows a key winning. Values are cut at 80 characters.
func SegmentsOf(r Response, declared []string, sources ...map[string]any) map[string]string {
	segments := map[string]string{SegmentChannel: string(r.Channel), SegmentVersion: strconv.Itoa(r.Version)}
	for _, key := range declared {
		for _, source := range sources {
			value := []rune(strings.ToValidUTF8(strings.ReplaceAll(TraitText(source[key]), "\x00", ""), ""))
			if len(value) > 80 {
				value = value[:80]
			}
			if len(value) > 0 {
				segments[key] = string(value)
				break
			}
		}
	}
	return segments
}

// FieldSource are the hidden fields as a source of segments.
func (r Response) FieldSource() map[string]any {
	source := make(map[string]any, len(r.Fields))
	for name, value := range r.Fields {
		source[name] = value
	}
	return source
}

// Day is the calendar day on which a time falls in a zone, counted from
// 1 January 1970. Rollups count by it.
func Day(at time.Time, zone *time.Location) int {
	local := at.In(zone)
	return int(time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DayStart is midnight UTC of a day's date: a calendar date, not a moment.
func DayStart(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

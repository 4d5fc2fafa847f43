package surveys

import (
	"slices"
	"time"
)

// DigestPace is how often a member of the team gets a digest.
type DigestPace string

// The paces. A digest that is off keeps the pace that it had.
const (
	DigestDaily   DigestPace = "daily"
	DigestWeekly  DigestPace = "weekly"  // on Mondays
	DigestMonthly DigestPace = "monthly" // on the first
)

// DigestPaces lists the paces, the most frequent first.
func DigestPaces() []DigestPace { return []DigestPace{DigestDaily, DigestWeekly, DigestMonthly} }

// Days is the time between two digests, in days; a month counts as thirty.
func (p DigestPace) Days() int {
	switch p {
	case DigestDaily:
		return 1
	case DigestMonthly:
		return 30
	}
	return 7
}

// on reports whether a digest comes on a local day.
func (p DigestPace) on(day time.Time) bool {
	switch p {
	case DigestDaily:
		return true
	case DigestMonthly:
		return day.Day() == 1
	}
	return day.Weekday() == time.Monday
}

// Next is the first moment after a time at which a digest is due: at an hour of
// the zone's clocks. Where a day skips the hour, because clocks go forward, the
// digest comes an hour later; where a day has it twice, it comes once.
func (p DigestPace) Next(after time.Time, hour int, zone *time.Location) time.Time {
	date := after.In(zone)
	for day := 0; ; day++ {
		due := time.Date(date.Year(), date.Month(), date.Day()+day, hour, 0, 0, 0, zone)
		noon := time.Date(date.Year(), date.Month(), date.Day()+day, 12, 0, 0, 0, zone)
		if due.Day() != noon.Day() { // clocks skip midnight, and it was taken for the evening before
			due = due.Add(time.Hour)
		}
		if p.on(noon) && due.After(after) {
			return due.UTC()
		}
	}
}

// DigestHour is the local hour at which digests come unless another is chosen.
const DigestHour = 8

// DigestLate is how late a digest may be sent, because the server was down or
// the mail server took nothing. After that the next one tells the same.
const DigestLate = 24 * time.Hour

// MaxDigestSurveys bounds the surveys that a member may choose.
const MaxDigestSurveys = 200

// Digest is a mail of what the surveys say, as one member of the team wants it,
// and what the last one told.
type Digest struct {
	WorkspaceID WorkspaceID
	UserID      string
	Every       DigestPace
	Hour        int      // of the workspace's clocks, 0 to 23
	Surveys     []string // ids; empty: all that are not archived
	Comments    bool     // with up to two low-scored comments of each survey

	DueAt      *time.Time            // when the next one is due; nil while it is off
	SendingFor *time.Time            // the due time whose mail went out, or was about to when the server died
	Told       map[string]DigestTold // by survey
	ToldDay    int                   // the day before which everything is told, see [Day]
	SentAt     *time.Time            // the last one; nil before the first
	Problem    string                // why the last one could not be sent, in the mail server's words
}

// DigestTold is what a digest has told of a survey.
type DigestTold struct {
	Answers int64  `json:"answers"`          // before the digest's day
	Verdict string `json:"verdict"`          // the kind of the last analysis.Verdict that was told; "" when none was
	Day     int    `json:"day,omitempty"`    // of the digest that told the verdict, see [Day]
	Change  int    `json:"change,omitempty"` // the day of the newest change that was told, see [Day]
}

// NewDigest is the digest of a member who has not chosen yet: off, and weekly
// when it is turned on.
func NewDigest(u User) Digest {
	return Digest{WorkspaceID: u.WorkspaceID, UserID: u.ID, Every: DigestWeekly, Hour: DigestHour}
}

// On reports whether digests are sent.
func (d Digest) On() bool { return d.DueAt != nil }

// Wants reports whether a survey belongs into the digest.
func (d Digest) Wants(s Survey) bool {
	return s.Status != SurveyArchived && (len(d.Surveys) == 0 || slices.Contains(d.Surveys, s.ID))
}

// Check says what is wrong with what was chosen.
func (d Digest) Check() error {
	var wrong []FieldError
	if !slices.Contains(DigestPaces(), d.Every) {
		wrong = append(wrong, FieldError{Path: "every", Code: "digest_pace"})
	}
	if d.Hour < 0 || d.Hour > 23 {
		wrong = append(wrong, FieldError{Path: "hour", Code: "digest_hour"})
	}
	if len(d.Surveys) > MaxDigestSurveys {
		wrong = append(wrong, FieldError{Path: "surveys", Code: "digest_surveys"})
	}
	return Wrong(wrong...)
}

package surveys

import "time"

// SuppressionSource is who said that an address gets no mail.
type SuppressionSource string

// The sources of suppressions, beside those of reports ([BounceSource]), which
// are sources too; "" stands for those from before sources were kept.
const (
	SourceLink   SuppressionSource = "link"   // the person, by the way out of a letter
	SourceMail   SuppressionSource = "mail"   // a mail that came back: a report, or the person's own
	SourceSMTP   SuppressionSource = "smtp"   // a mail server that refused the letter at once
	SourceTeam   SuppressionSource = "team"   // the team, on a page
	SourceImport SuppressionSource = "import" // the team, by a file
	SourceAPI    SuppressionSource = "api"    // a program
)

// SuppressionReasons lists the reasons, the strongest first: what a person
// wants counts for more than what a mail server says, and that for more than
// what the team says.
func SuppressionReasons() []Suppression {
	return []Suppression{SuppressedUnsubscribed, SuppressedComplained, SuppressedBounced, SuppressedByTeam}
}

// Wished reports whether the person wants no mail. Only their own word takes
// that back.
func (s Suppression) Wished() bool {
	return s == SuppressedUnsubscribed || s == SuppressedComplained
}

// SuppressedAddress is an address that gets no mail.
type SuppressedAddress struct {
	Key        []byte // its keyed hash, which outlives an erasure
	Email      string // "" once its person is erased, or from before addresses were kept
	Reason     Suppression
	Source     SuppressionSource
	Beneath    Suppression // what holds, too, once the reason is gone: that it bounces; "" for nothing
	At         time.Time
	ReleasedAt *time.Time // nil while it gets no mail
}

// MailHook says how the reports of a mail provider are recognised.
type MailHook struct {
	WorkspaceID WorkspaceID
	Provider    BounceSource
	Public      string     // SendGrid's public key, the name of an SNS topic
	Secret      []byte     // sealed: Mailgun's signing key
	HeardAt     *time.Time // when the last report came
	UpdatedAt   time.Time
}

// MailHookPlace is where a provider's secret is stored, sealed.
func MailHookPlace(ws WorkspaceID, provider BounceSource) Place {
	return Place{Workspace: ws, Table: "mail_hooks", Column: "secret", Row: string(provider)}
}

package surveys

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// LoyaltyBasis says what makes somebody a customer: a running contract, a
// purchase within the period, or any sign of life within it.
type LoyaltyBasis string

// The bases.
const (
	LoyaltyByContract LoyaltyBasis = "contract"
	LoyaltyByPurchase LoyaltyBasis = "purchase"
	LoyaltyByActivity LoyaltyBasis = "activity"
)

// LoyaltyBases lists the bases in the order in which pages offer them.
func LoyaltyBases() []LoyaltyBasis {
	return []LoyaltyBasis{LoyaltyByPurchase, LoyaltyByContract, LoyaltyByActivity}
}

// LoyaltyKind is what a type of event means for a customer's loyalty. The kinds
// are those of package analysis/loyalty, which says how each is counted.
type LoyaltyKind string

// The kinds.
const (
	LoyaltyActive      LoyaltyKind = "active"
	LoyaltyBought      LoyaltyKind = "bought"
	LoyaltyRefunded    LoyaltyKind = "refunded"
	LoyaltyStarted     LoyaltyKind = "started"
	LoyaltyChanged     LoyaltyKind = "changed"
	LoyaltyRenewed     LoyaltyKind = "renewed"
	LoyaltyEnded       LoyaltyKind = "ended"
	LoyaltyJoined      LoyaltyKind = "joined"
	LoyaltyParted      LoyaltyKind = "parted"
	LoyaltyRecommended LoyaltyKind = "recommended"
	LoyaltyReferred    LoyaltyKind = "referred"
	LoyaltyIssued      LoyaltyKind = "issued"
	LoyaltyRedeemed    LoyaltyKind = "redeemed"
)

// LoyaltyKinds lists the kinds in the order in which pages offer them.
func LoyaltyKinds() []LoyaltyKind {
	return []LoyaltyKind{
		LoyaltyBought, LoyaltyRefunded, LoyaltyStarted, LoyaltyRenewed, LoyaltyChanged, LoyaltyEnded, LoyaltyActive,
		LoyaltyRecommended, LoyaltyReferred, LoyaltyJoined, LoyaltyParted, LoyaltyIssued, LoyaltyRedeemed,
	}
}

// hasAmount reports whether an event of the kind stands for an amount: of money,
// or of points.
func (k LoyaltyKind) hasAmount() bool {
	switch k {
	case LoyaltyBought, LoyaltyRefunded, LoyaltyStarted, LoyaltyChanged, LoyaltyRenewed, LoyaltyIssued, LoyaltyRedeemed:
		return true
	}
	return false
}

// Limits of a loyalty plan.
const (
	MaxLoyaltyMeanings = 40
	MinLapseDays       = 7
	MaxLapseDays       = 3 * 366
)

// maxLoyaltyDay is the last day of 2199: beyond it is a mistyped year.
const maxLoyaltyDay = 84005

// EventMeaning says that events of a type are of a kind. Amount names the
// property that holds its amount, in whole currency units such as 24.90; "" for
// none, where points count one each.
type EventMeaning struct {
	EventType string      `json:"event_type"`
	Kind      LoyaltyKind `json:"kind"`
	Amount    string      `json:"amount,omitempty"`
}

// LoyaltyPlan says how a workspace's events tell who stays and who leaves.
type LoyaltyPlan struct {
	WorkspaceID WorkspaceID
	Basis       LoyaltyBasis
	LapseDays   int // so many days of silence make somebody gone, where no contract says so
	// CompleteSince is the local day (see [Day]) from which on every event is there.
	// Who brings only today's customers along has nobody who left before it, so that
	// nothing may be counted before; nil when all history is there.
	CompleteSince *int
	Currency      string // ISO 4217; "" where amounts are not shown as money
	SurveyID      string // whose scores are held against who leaves; "" for none
	Meanings      []EventMeaning
	UpdatedAt     time.Time // zero: nobody has chosen yet
}

// DefaultLoyaltyPlan reads the event types that Hark's own documents use.
func DefaultLoyaltyPlan(ws WorkspaceID) LoyaltyPlan {
	return LoyaltyPlan{WorkspaceID: ws, Basis: LoyaltyByPurchase, LapseDays: 90, Meanings: []EventMeaning{
		{EventType: "order_completed", Kind: LoyaltyBought, Amount: "total"},
		{EventType: "order_refunded", Kind: LoyaltyRefunded, Amount: "total"},
		{EventType: "subscription_started", Kind: LoyaltyStarted, Amount: "amount"},
		{EventType: "subscription_renewed", Kind: LoyaltyRenewed, Amount: "amount"},
		{EventType: "subscription_cancelled", Kind: LoyaltyEnded},
		{EventType: "signed_up", Kind: LoyaltyActive},
		{EventType: "friend_invited", Kind: LoyaltyRecommended},
		{EventType: "club_joined", Kind: LoyaltyJoined},
		{EventType: "reward_issued", Kind: LoyaltyIssued},
		{EventType: "reward_redeemed", Kind: LoyaltyRedeemed},
	}}
}

var (
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	propertyPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)
)

// Check returns the plan with its texts trimmed, or what is wrong with it. That
// the survey is the workspace's own is for the caller to see.
func (p LoyaltyPlan) Check() (LoyaltyPlan, error) {
	p.Currency = strings.ToUpper(strings.TrimSpace(p.Currency))
	var wrong []FieldError
	if !slices.Contains(LoyaltyBases(), p.Basis) {
		wrong = append(wrong, FieldError{Path: "basis", Code: "loyalty_basis"})
	}
	if p.LapseDays < MinLapseDays || p.LapseDays > MaxLapseDays {
		wrong = append(wrong, FieldError{Path: "lapse_days", Code: "loyalty_lapse", Args: map[string]any{"min": MinLapseDays, "max": MaxLapseDays}})
	}
	if s := p.CompleteSince; s != nil && (*s < 0 || *s > maxLoyaltyDay) {
		wrong = append(wrong, FieldError{Path: "complete_since", Code: "loyalty_since"})
	}
	if p.Currency != "" && !currencyPattern.MatchString(p.Currency) {
		wrong = append(wrong, FieldError{Path: "currency", Code: "currency"})
	}
	var more []FieldError
	p.Meanings, more = checkMeanings(p.Meanings)
	return p, Wrong(append(wrong, more...)...)
}

func checkMeanings(meanings []EventMeaning) ([]EventMeaning, []FieldError) {
	if len(meanings) > MaxLoyaltyMeanings {
		return meanings, []FieldError{{Path: "meanings", Code: "loyalty_many", Args: map[string]any{"max": MaxLoyaltyMeanings}}}
	}
	checked := make([]EventMeaning, 0, len(meanings))
	var wrong []FieldError
	for i, m := range meanings {
		at := "meanings." + strconv.Itoa(i)
		m.EventType, m.Amount = strings.TrimSpace(m.EventType), strings.TrimSpace(m.Amount)
		same := func(o EventMeaning) bool { return o.EventType == m.EventType && o.Kind == m.Kind }
		args := map[string]any{"type": m.EventType}
		switch {
		case !eventTypePattern.MatchString(m.EventType):
			wrong = append(wrong, FieldError{Path: at + ".event_type", Code: "event_type"})
		case !slices.Contains(LoyaltyKinds(), m.Kind):
			wrong = append(wrong, FieldError{Path: at + ".kind", Code: "loyalty_kind", Args: args})
		case m.Amount != "" && (!m.Kind.hasAmount() || !propertyPattern.MatchString(m.Amount)):
			wrong = append(wrong, FieldError{Path: at + ".amount", Code: "loyalty_amount", Args: args})
		case slices.ContainsFunc(checked, same):
			wrong = append(wrong, FieldError{Path: at, Code: "loyalty_twice", Args: args})
		}
		checked = append(checked, m)
	}
	return checked, wrong
}

// Types lists the event types that the plan reads, each once.
func (p LoyaltyPlan) Types() []string {
	var types []string
	for _, m := range p.Meanings {
		if !slices.Contains(types, m.EventType) {
			types = append(types, m.EventType)
		}
	}
	return types
}

// Risk is a person who is likelier than others to leave, and why.
type Risk struct {
	WorkspaceID WorkspaceID
	PersonID    string
	Chance      float64 // of leaving within the horizon of the report, 0…1
	Reasons     []RiskReason
}

// RiskReason is one thing about a person that raises the chance: the name of the
// feature, the person's value and the usual one, and how many times the odds at
// the usual value those of the person are.
type RiskReason struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"`
	Usual   float64 `json:"usual"`
	Odds    float64 `json:"odds"`
}

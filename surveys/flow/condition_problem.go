package flow

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/harkhq/hark/surveys"
)

// What the library says about a condition is written for Go programmers. Here
// it becomes a problem in the catalogue's words; what is not known here is said
// by its place only.

// unread is a condition that cannot be read from a column on.
func unread(column int) *surveys.Problem {
	return &surveys.Problem{Code: "condition_unread", Args: map[string]any{"column": column}}
}

var (
	unknownName  = regexp.MustCompile(`^unknown name (\S+)`)
	unknownField = regexp.MustCompile(`^type flow\.(event|person|survey|history|nps|csat|ces|ces5|leaving)Facts has no (?:field|method) (\S+)`)
)

// misread says what is wrong with a condition that cannot be compiled.
func misread(err error) *surveys.Problem {
	message, column := err.Error(), 1
	var at *file.Error
	if errors.As(err, &at) {
		message, column = at.Message, at.Column+1
	}
	if found := unknownName.FindStringSubmatch(message); found != nil {
		subjects := []string{"event", "person", "survey", "history", "cancellation", "last", "count"}
		return unknown(found[1], column, slices.Concat(subjects, scalarFunctions(), listFunctions()))
	}
	if found := unknownField.FindStringSubmatch(message); found != nil {
		return unknown(inHistory(found[1])+"."+found[2], column, ConditionNames())
	}
	args := map[string]any{"column": column}
	for _, known := range []struct {
		says    string
		problem surveys.Problem
	}{
		{`unexpected token Operator("=")`, surveys.Problem{Code: "condition_equals", Args: args}},
		{"unexpected token EOF", surveys.Problem{Code: "condition_end"}},
		{"unexpected end of expression", surveys.Problem{Code: "condition_end"}},
		{"literal not terminated", surveys.Problem{Code: "condition_quotes", Args: args}},
		{"exceeds maximum allowed nodes", surveys.Problem{Code: "condition_parts", Args: map[string]any{"max": maxConditionNodes}}},
		{"expected bool", surveys.Problem{Code: "condition_truth"}},
		{"mismatched type", surveys.Problem{Code: "condition_types", Args: args}},
		{"error parsing regexp: expression too large", surveys.Problem{Code: "condition_pattern_heavy", Args: args}},
		{"error parsing regexp: expression nests too deeply", surveys.Problem{Code: "condition_pattern_heavy", Args: args}},
		{"error parsing regexp: invalid repeat count", surveys.Problem{Code: "condition_pattern_heavy", Args: args}},
		{"error parsing regexp", surveys.Problem{Code: "condition_pattern", Args: args}},
	} {
		if strings.Contains(message, known.says) {
			return &known.problem
		}
	}
	return unread(column)
}

// ConditionNames lists what a condition knows, but for the earlier events that
// it names by their type.
func ConditionNames() []string {
	names := []string{
		"event.type", "event.properties", "person.id", "person.email", "person.name", "person.locale", "person.timezone", "person.traits",
	}
	for _, subject := range []string{"survey", "history", "history.nps", "history.csat", "history.ces", "history.ces5"} {
		for _, field := range []string{"asked", "answered", "days_since_asked", "days_since_answered", "score"} {
			if subject != "history" || field != "score" { // scores of several metrics are not mixed
				names = append(names, subject+"."+field)
			}
		}
	}
	return append(names, "cancellation.asked", "cancellation.lost", "cancellation.reason")
}

// inHistory is where a condition finds a subject.
func inHistory(subject string) string {
	if surveys.Metric(subject).Valid() {
		return "history." + subject
	}
	if subject == "leaving" {
		return "cancellation"
	}
	return subject
}

// unknown is a name that a condition does not know, with the known one that was
// meant: one that differs by a slip of the hand, and for a field of the sender's
// own the place where such fields are.
func unknown(name string, column int, known []string) *surveys.Problem {
	args := map[string]any{"name": name, "column": column}
	best := 3 // letters that differ
	for _, candidate := range known {
		if d := distance(name, candidate); d < best && d < len(candidate)/2 {
			best, args["near"] = d, candidate
		}
	}
	subject, field, dotted := strings.Cut(name, ".")
	if place := map[string]string{"event": "event.properties.", "person": "person.traits."}[subject]; args["near"] == nil && dotted && place != "" {
		args["near"] = place + field
	}
	if args["near"] == nil {
		return &surveys.Problem{Code: "condition_name", Args: args}
	}
	return &surveys.Problem{Code: "condition_name_near", Args: args}
}

// distance is the number of letters to add, drop or change between two names
// (Levenshtein 1966), by Wagner and Fischer's table, a row at a time.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// uncomputed says why a condition has no result for these facts: something
// that it names was missing, or was of another kind than it takes.
func uncomputed(err error, condition ast.Node, known facts) *surveys.Problem {
	var at *file.Error
	if !errors.As(err, &at) {
		return &surveys.Problem{Code: "condition_unfit", Args: map[string]any{"column": 1}}
	}
	column := map[string]any{"column": at.Column + 1}
	switch {
	case strings.Contains(at.Message, "divide by zero"):
		return &surveys.Problem{Code: "condition_zero", Args: column}
	case strings.Contains(at.Message, "memory budget"):
		return &surveys.Problem{Code: "condition_large"}
	}
	failed := ast.Find(condition, func(n ast.Node) bool { return n.Location() == at.Location && n.Location() != (file.Location{}) })
	if failed == nil {
		failed = condition
	}
	found := names{known: known}
	ast.Walk(&failed, &found)
	switch {
	case found.missing != "":
		return &surveys.Problem{Code: "condition_missing", Args: map[string]any{"name": found.missing}}
	case found.present != "":
		return &surveys.Problem{Code: "condition_kind", Args: map[string]any{"name": found.present}}
	}
	return &surveys.Problem{Code: "condition_unfit", Args: column}
}

// names looks up what a part of a condition names. The library visits what a
// name begins with before the whole name.
type names struct {
	known   facts
	missing string // the first name without a value
	present string // the last name that was no number, else the last one
	number  bool   // present is a number
}

// Visit looks at one node of a condition's tree.
func (n *names) Visit(node *ast.Node) {
	member, ok := (*node).(*ast.MemberNode)
	if !ok || n.missing != "" {
		return
	}
	value, found := n.value(member)
	if !found {
		return
	}
	if value == nil {
		n.missing = written(member)
		return
	}
	if isPlace(member) {
		return // what follows the dot is meant
	}
	_, number := value.(float64)
	if n.present == "" || n.number || !number {
		n.present, n.number = written(member), number
	}
}

// isPlace reports whether a name is only where names of the sender's own are.
func isPlace(member *ast.MemberNode) bool {
	base := member.Node
	inner, below := base.(*ast.MemberNode)
	if below {
		base = inner.Node
	}
	name, ok := base.(*ast.IdentifierNode)
	if !ok {
		return false
	}
	own := property(member) == "properties" || property(member) == "traits"
	return name.Value == earlierName || own && !below
}

// value is what a node names, nil for nothing; it is false for what is no name.
func (n *names) value(node ast.Node) (value any, ok bool) {
	switch node := node.(type) {
	case *ast.ChainNode:
		return n.value(node.Node)
	case *ast.MemberNode:
		if base, ok := node.Node.(*ast.IdentifierNode); ok {
			return n.field(base.Value + "." + property(node))
		}
		of, ok := n.value(node.Node)
		if !ok {
			return nil, false
		}
		switch of := of.(type) {
		case map[string]any:
			return of[property(node)], true
		case []any:
			if at, isNumber := node.Property.(*ast.IntegerNode); isNumber && at.Value >= 0 && at.Value < len(of) {
				return of[at.Value], true
			}
		}
		return nil, true
	}
	return nil, false
}

// field is one of the fields that every event and person has.
func (n *names) field(name string) (any, bool) {
	e, p := n.known.Event, n.known.Person
	value, ok := map[string]any{
		"event.type": e.Type, "event.properties": e.Properties, "person.id": p.ID, "person.email": p.Email, "person.name": p.Name,
		"person.locale": p.Locale, "person.timezone": p.TimeZone, "person.traits": p.Traits, earlierName + ".last": n.known.Earlier.Last,
	}[name]
	return value, ok
}

// property is the text after a name's last dot, and "" for a number in brackets.
func property(node *ast.MemberNode) string {
	if text, ok := node.Property.(*ast.StringNode); ok {
		return text.Value
	}
	return ""
}

// written is a name as a person writes it.
func written(node *ast.MemberNode) string {
	return strings.NewReplacer("?.", ".", earlierName+".", "").Replace(fmt.Sprint(node))
}

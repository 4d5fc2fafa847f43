package flow

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/harkhq/hark/surveys"
)

// Bounds of a condition: the size of its tree, and the memory that one run may
// take, in expr's own units.
const (
	maxConditionNodes  = 200
	maxConditionMemory = 10_000
)

// maxPatternSteps bounds what all patterns of a condition may compare with one
// character: the instructions of the programs that they are.
const maxPatternSteps = 500

// maxOuterTexts bounds how often the functions of lists put texts from outside of
// the list together, or change them, for each of its items.
const maxOuterTexts = 3

// facts are what a condition can name.
type facts struct {
	Event   eventFacts   `expr:"event"`
	Person  personFacts  `expr:"person"`
	Survey  surveyFacts  `expr:"survey"`
	History historyFacts `expr:"history"`
	Leaving leavingFacts `expr:"cancellation"`
	Earlier earlierFacts `expr:"earlier events"` // see [earlierName]
}

// factsOf are the facts without a past.
func factsOf(e surveys.Event, p surveys.Person) facts {
	return facts{
		Event:  eventFacts{Type: e.Type, Properties: e.Properties},
		Person: personFacts{ID: p.ExternalID, Email: p.Email, Name: p.Name, Locale: p.Locale, TimeZone: p.TimeZone, Traits: p.Traits},
	}
}

type eventFacts struct {
	Type       string         `expr:"type"`
	Properties map[string]any `expr:"properties"`
}

type personFacts struct {
	ID       string         `expr:"id"`
	Email    string         `expr:"email"`
	Name     string         `expr:"name"`
	Locale   string         `expr:"locale"`
	TimeZone string         `expr:"timezone"`
	Traits   map[string]any `expr:"traits"`
}

// CheckCondition reports what is wrong with a rule's condition, as the field
// error of "condition".
func CheckCondition(condition string) []surveys.FieldError {
	c, wrong := compile(condition)
	switch {
	case wrong != nil:
		return []surveys.FieldError{{Path: "condition", Code: wrong.Code, Args: wrong.Args}}
	case !c.asks && strings.TrimSpace(condition) != "":
		return []surveys.FieldError{{Path: "condition", Code: "condition_nothing"}}
	case c.long:
		return []surveys.FieldError{{Path: "condition", Code: "condition_long_number"}}
	}
	return nil
}

// compiled is a condition that can be computed, and what it needs to know.
type compiled struct {
	program *vm.Program
	needs   needs
	asks    bool // it names something of the event, the person or the past; false says the same of everybody
	long    bool // it writes a whole number of 2^53 or more, which events have as a text (handlers/web/plain.go)
}

// compile makes a program of a condition, or says what is wrong with it. What
// the library stumbles over is the condition's fault, and must not end the
// process.
func compile(condition string) (c compiled, wrong *surveys.Problem) {
	defer func() {
		if recover() != nil {
			c, wrong = compiled{}, unread(1)
		}
	}()
	if utf8.RuneCountInString(condition) > surveys.MaxCondition {
		return c, &surveys.Problem{Code: "too_long", Args: map[string]any{"max": surveys.MaxCondition}}
	}
	if strings.TrimSpace(condition) == "" {
		condition = "true"
	}
	b := bounds{source: file.NewSource(condition)}
	past := pastNames{bounds: bounds{source: b.source}, before: &b}
	program, err := expr.Compile(condition, expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(maxConditionNodes), expr.Patch(&b), expr.Patch(&past))
	past.end()
	switch {
	case past.problem != nil:
		return c, past.problem
	case err != nil:
		return c, misread(err)
	case b.problem != nil:
		return c, b.problem
	}
	return compiled{program: program, needs: past.needs, asks: b.asks, long: b.long}, nil
}

// bounds refuses what would let a condition of a few characters take forever
// or fill the memory: loops in loops, variables and functions that double a
// text, ranges. What is left takes a time that grows with the size of the
// event and the person, which is bounded. It also keeps out the clock, so that
// a condition says the same of an event whenever it is asked.
type bounds struct {
	source  file.Source
	problem *surveys.Problem
	visited *ast.Node // the last one: in the end the whole condition
	steps   int       // of all patterns
	texts   int       // from outside of lists that are changed for each item
	asks    bool      // something is named
	long    bool      // a whole number of 2^53 or more is written
}

// scalarFunctions take texts, numbers and times; they may stand anywhere.
func scalarFunctions() []string {
	return []string{
		"len", "lower", "upper", "trim", "trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix", "indexOf", "lastIndexOf",
		"int", "float", "string", "type", "abs", "ceil", "floor", "round", "min", "max", "date", "duration",
	}
}

// listFunctions go through a list; they may not stand within one another's
// predicates.
func listFunctions() []string {
	return []string{"all", "any", "none", "one", "filter", "find", "count", "sum", "mean", "median", "first", "last", "keys", "values"}
}

// Visit looks at one node of a condition's tree.
func (b *bounds) Visit(node *ast.Node) {
	b.visited = node
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		b.asks = true
	case *ast.IntegerNode:
		b.long = b.long || n.Value >= 1<<53 || n.Value <= -1<<53
	case *ast.BuiltinNode:
		if !slices.Contains(scalarFunctions(), n.Name) && !slices.Contains(listFunctions(), n.Name) {
			b.refuse(n, surveys.Problem{Code: "condition_function", Args: map[string]any{"name": n.Name}})
		}
	case *ast.PredicateNode:
		if inner, ok := ast.Find(n.Node, isListFunction).(*ast.BuiltinNode); ok {
			b.refuse(inner, surveys.Problem{Code: "condition_nested", Args: map[string]any{"name": inner.Name}})
		}
		if inner := ast.Find(n.Node, isOuterMatch); inner != nil {
			b.refuse(inner, surveys.Problem{Code: "condition_nested", Args: map[string]any{"name": "matches"}})
		}
		ast.Find(n.Node, b.outerText)
	case *ast.SequenceNode:
		b.refuse(n.Nodes[len(n.Nodes)-1], surveys.Problem{Code: "condition_sequence"})
	case *ast.CallNode:
		b.refuse(n, surveys.Problem{Code: "condition_call"})
	case *ast.VariableDeclaratorNode:
		b.refuse(n, surveys.Problem{Code: "condition_variable"})
	case *ast.BinaryNode:
		b.visitOperator(n)
	}
}

func (b *bounds) visitOperator(n *ast.BinaryNode) {
	switch n.Operator {
	case "..":
		b.refuse(n, surveys.Problem{Code: "condition_range"})
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			b.refuse(n, surveys.Problem{Code: "condition_pattern_quotes"})
			return
		}
		if b.steps += patternSteps(pattern.Value); b.steps > maxPatternSteps {
			b.refuse(n, surveys.Problem{Code: "condition_pattern_heavy"})
		}
	}
}

// patternSteps is the size of the program that a pattern is; 0 where it is none,
// which the library tells.
func patternSteps(pattern string) int {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return 0
	}
	return len(program.Inst)
}

// isOuterMatch finds a pattern that is held against a text from outside of the
// list: once for each of its items, though it is always the same.
func isOuterMatch(node ast.Node) bool {
	n, ok := node.(*ast.BinaryNode)
	return ok && n.Operator == "matches" && ast.Find(n.Left, isName) != nil
}

// outerText counts the texts from outside of a list that are put together or changed
// for each of its items. It finds nothing.
func (b *bounds) outerText(node ast.Node) bool {
	makes := false
	switch n := node.(type) {
	case *ast.BinaryNode:
		makes = n.Operator == "+"
	case *ast.BuiltinNode:
		makes = slices.Contains([]string{"lower", "upper", "trim", "trimPrefix", "trimSuffix", "string", "date", "int", "float", "len", "indexOf", "lastIndexOf"}, n.Name)
	}
	if makes && ast.Find(node, isName) != nil {
		if b.texts++; b.texts > maxOuterTexts {
			b.refuse(node, surveys.Problem{Code: "condition_outer", Args: map[string]any{"max": maxOuterTexts}})
		}
	}
	return false
}

func isName(node ast.Node) bool {
	_, ok := node.(*ast.IdentifierNode)
	return ok
}

func isListFunction(node ast.Node) bool {
	n, ok := node.(*ast.BuiltinNode)
	return ok && slices.Contains(listFunctions(), n.Name)
}

// refuse keeps the first problem of a condition, with the column where it is.
func (b *bounds) refuse(at ast.Node, wrong surveys.Problem) {
	if b.problem != nil {
		return
	}
	place := (&file.Error{Location: at.Location()}).Bind(b.source)
	if wrong.Args == nil {
		wrong.Args = make(map[string]any)
	}
	wrong.Args["column"] = place.Column + 1
	b.problem = &wrong
}

// conditions keeps compiled conditions by their text. Its zero value is empty.
type conditions struct {
	programs sync.Map // string → compiled
}

// program compiles a condition once.
func (c *conditions) program(condition string) (compiled, *surveys.Problem) {
	kept, ok := c.programs.Load(condition)
	if !ok {
		program, wrong := compile(condition)
		if wrong != nil {
			return compiled{}, wrong
		}
		kept, _ = c.programs.LoadOrStore(condition, program)
	}
	program, _ := kept.(compiled)
	return program, nil
}

// match computes a condition. Why it has no result is a [surveys.Problem] as it
// is stored, and "" when it has one.
func (c compiled) match(known facts) (matched bool, why string) {
	result, err := run(c.program, known)
	if err != nil {
		return false, uncomputed(err, c.program.Node(), known).String()
	}
	matched, _ = result.(bool)
	return matched, ""
}

// run computes a condition. The library turns its own panics into errors, but
// not those of its error handling.
func run(program *vm.Program, known facts) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, fmt.Errorf("cannot be computed: %v", r)
		}
	}()
	machine := vm.VM{MemoryBudget: maxConditionMemory}
	return machine.Run(program, known)
}

// asksOfLeaving reports whether a rule asks how a subscription ended.
func (c *conditions) asksOfLeaving(rule surveys.Rule) bool {
	if rule.Trigger != surveys.TriggerEvent {
		return false
	}
	program, wrong := c.program(rule.Condition)
	return wrong == nil && program.needs.leaving
}

package flow

import (
	"errors"
	"fmt"
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

// facts are what a condition can name.
type facts struct {
	Event  eventFacts  `expr:"event"`
	Person personFacts `expr:"person"`
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
	if _, err := compile(condition); err != nil {
		return []surveys.FieldError{{Path: "condition", Code: "condition", Args: map[string]any{"problem": problem(err)}}}
	}
	return nil
}

// compile makes a program of a condition, or says what is wrong with it. What
// the library stumbles over is the condition's fault, and must not end the
// process.
func compile(condition string) (program *vm.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			program, err = nil, fmt.Errorf("cannot be compiled: %v", r)
		}
	}()
	if utf8.RuneCountInString(condition) > surveys.MaxCondition {
		return nil, fmt.Errorf("longer than %d characters", surveys.MaxCondition)
	}
	if strings.TrimSpace(condition) == "" {
		condition = "true"
	}
	b := bounds{source: file.NewSource(condition)}
	program, err = expr.Compile(condition, expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(maxConditionNodes), expr.Patch(&b))
	if err == nil && b.problem != nil {
		return nil, b.problem
	}
	return program, err
}

// bounds refuses what would let a condition of a few characters take forever
// or fill the memory: loops in loops, variables and functions that double a
// text, ranges. What is left takes a time that grows with the size of the
// event and the person, which is bounded. It also keeps out the clock, so that
// a condition says the same of an event whenever it is asked.
type bounds struct {
	source  file.Source
	problem error
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
	switch n := (*node).(type) {
	case *ast.BuiltinNode:
		if !slices.Contains(scalarFunctions(), n.Name) && !slices.Contains(listFunctions(), n.Name) {
			b.refuse(n, "the function "+n.Name+" is not available in a condition")
		}
	case *ast.PredicateNode:
		if inner, ok := ast.Find(n.Node, isListFunction).(*ast.BuiltinNode); ok {
			b.refuse(inner, inner.Name+" cannot stand within another function's list")
		}
	case *ast.CallNode:
		b.refuse(n, "only the functions of conditions can be called")
	case *ast.VariableDeclaratorNode:
		b.refuse(n, "a condition has no variables")
	case *ast.BinaryNode:
		b.visitOperator(n)
	}
}

func (b *bounds) visitOperator(n *ast.BinaryNode) {
	switch n.Operator {
	case "..":
		b.refuse(n, "a condition has no ranges; compare with >= and <=")
	case "matches":
		if _, ok := n.Right.(*ast.StringNode); !ok {
			b.refuse(n, "the pattern after matches must be written in quotes")
		}
	}
}

func isListFunction(node ast.Node) bool {
	n, ok := node.(*ast.BuiltinNode)
	return ok && slices.Contains(listFunctions(), n.Name)
}

// refuse keeps the first problem of a condition.
func (b *bounds) refuse(at ast.Node, message string) {
	if b.problem == nil {
		b.problem = (&file.Error{Location: at.Location(), Message: message}).Bind(b.source)
	}
}

// problem is the first line of an expression's error: the words, without the
// picture of the place.
func problem(err error) string {
	var at *file.Error
	if errors.As(err, &at) {
		return fmt.Sprintf("%s (column %d)", at.Message, at.Column+1)
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

// conditions keeps compiled conditions by their text. Its zero value is empty.
type conditions struct {
	programs sync.Map // string → *vm.Program
}

// match computes a condition. The problem is "" when it has a result.
func (c *conditions) match(condition string, e surveys.Event, p surveys.Person) (matched bool, why string) {
	kept, ok := c.programs.Load(condition)
	if !ok {
		program, err := compile(condition)
		if err != nil {
			return false, problem(err)
		}
		kept, _ = c.programs.LoadOrStore(condition, program)
	}
	result, err := run(kept.(*vm.Program), facts{
		Event:  eventFacts{Type: e.Type, Properties: e.Properties},
		Person: personFacts{ID: p.ExternalID, Email: p.Email, Name: p.Name, Locale: p.Locale, TimeZone: p.TimeZone, Traits: p.Traits},
	})
	if err != nil {
		return false, problem(err)
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

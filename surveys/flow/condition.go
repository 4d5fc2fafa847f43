package flow

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
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

func compile(condition string) (*vm.Program, error) {
	if strings.TrimSpace(condition) == "" {
		condition = "true"
	}
	return expr.Compile(condition, expr.Env(facts{}), expr.AsBool(), expr.MaxNodes(maxConditionNodes))
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
	machine := vm.VM{MemoryBudget: maxConditionMemory}
	result, err := machine.Run(kept.(*vm.Program), facts{
		Event:  eventFacts{Type: e.Type, Properties: e.Properties},
		Person: personFacts{ID: p.ExternalID, Email: p.Email, Name: p.Name, Locale: p.Locale, TimeZone: p.TimeZone, Traits: p.Traits},
	})
	if err != nil {
		return false, problem(err)
	}
	matched, _ = result.(bool)
	return matched, ""
}

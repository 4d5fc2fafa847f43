package flow

import (
	"regexp"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/harkhq/hark/surveys"
)

// earlierName is what the library calls the person's earlier events. Nobody can
// write it: "last" and "count" are functions as well, and stay so in
// last(event.properties.items), so their other meaning lives elsewhere.
const earlierName = "earlier events"

// maxPastTypes is of how many types of events a condition may name earlier ones.
const maxPastTypes = 10

var pastTypePattern = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// pastNames finds what a condition names of the past, and makes what never was
// comparable: of somebody who never ordered, "the last order was over 100" is
// not true, rather than a failure.
type pastNames struct {
	bounds         // of its own: what is wrong here is told before anything else
	before *bounds // has been through the tree
	needs  needs
	open   map[ast.Node]bool // last and count without a type of event behind them
}

// Visit looks at one node of a condition's tree, after those below it.
func (p *pastNames) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		p.visitName(n)
	case *ast.MemberNode:
		p.visitMember(n)
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			truth(&n.Node)
		}
	case *ast.BinaryNode:
		if slices.Contains([]string{"and", "&&", "or", "||"}, n.Operator) {
			truth(&n.Left)
			truth(&n.Right)
		}
	}
	if node == p.before.visited {
		truth(node)
	}
	ifThere(node)
}

func (p *pastNames) visitName(n *ast.IdentifierNode) {
	switch n.Value {
	case "survey":
		p.needs.survey = true
	case "history":
		p.needs.history = true
	case "cancellation":
		p.needs.leaving = true
	case "last", "count":
		if p.open == nil {
			p.open = make(map[ast.Node]bool)
		}
		p.open[n] = true
	case "$env": // a way around all names
		p.refuse(n, surveys.Problem{Code: "condition_name", Args: map[string]any{"name": n.Value}})
	}
}

// visitMember turns last.order_completed and count.order_completed into what
// is known of earlier events.
func (p *pastNames) visitMember(n *ast.MemberNode) {
	name, ok := n.Node.(*ast.IdentifierNode)
	if !ok || name.Value != "last" && name.Value != "count" {
		return
	}
	eventType := property(n)
	if !pastTypePattern.MatchString(eventType) {
		return // told at the end, by name
	}
	delete(p.open, name)
	p.needs.add(name.Value, eventType)
	if len(p.needs.last)+len(p.needs.count) > maxPastTypes {
		p.refuse(n, surveys.Problem{Code: "condition_past_many", Args: map[string]any{"max": maxPastTypes}})
	}
	earlier := &ast.IdentifierNode{Value: earlierName}
	earlier.SetLocation(name.Location())
	ast.Patch(&n.Node, &ast.MemberNode{Node: earlier, Property: &ast.StringNode{Value: name.Value}})
}

// end refuses a last or count that names no type of event.
func (p *pastNames) end() {
	for n := range p.open {
		wrong := surveys.Problem{Code: "condition_last"}
		if name, ok := n.(*ast.IdentifierNode); ok && name.Value == "count" {
			wrong = surveys.Problem{Code: "condition_count"}
		}
		p.refuse(n, wrong)
	}
}

// truth makes a condition of a value that may be missing: x becomes x == true.
func truth(node *ast.Node) {
	if member, ok := (*node).(*ast.MemberNode); ok && len(perhaps(member)) > 0 {
		ast.Patch(node, &ast.BinaryNode{Operator: "==", Left: member, Right: &ast.BoolNode{Value: true}})
		ifThere(node)
	}
}

// ifThere puts before a comparison that everything in it is there: x > 100
// becomes x != nil and x > 100.
func ifThere(node *ast.Node) {
	var missing []ast.Node
	switch n := (*node).(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "<", "<=", ">", ">=", "contains", "startsWith", "endsWith", "matches":
			missing = append(perhaps(n.Left), perhaps(n.Right)...)
		case "==", "!=", "in": // nil can be compared; only what it is a part of must be there
			missing = slices.DeleteFunc(append(perhaps(n.Left), perhaps(n.Right)...), func(part ast.Node) bool { return part == n.Left || part == n.Right })
		}
	case *ast.BuiltinNode:
		if slices.Contains([]string{"any", "all", "none", "one", "hasPrefix", "hasSuffix"}, n.Name) && len(n.Arguments) > 0 {
			missing = perhaps(n.Arguments[0])
		}
	}
	for _, part := range slices.Backward(missing) {
		there := &ast.BinaryNode{Operator: "!=", Left: part, Right: &ast.NilNode{}}
		ast.Patch(node, &ast.BinaryNode{Operator: "and", Left: there, Right: *node})
	}
}

// perhaps lists what a value is made of that is missing when something never
// was, from the outside in. What is a condition of its own has its own guards.
func perhaps(node ast.Node) []ast.Node {
	switch n := node.(type) {
	case *ast.MemberNode:
		return perhapsMember(n)
	case *ast.ChainNode:
		if len(perhaps(n.Node)) > 0 {
			return []ast.Node{n}
		}
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			return perhaps(n.Node)
		}
	case *ast.BinaryNode:
		if slices.Contains([]string{"+", "-", "*", "/", "%", "**", "^"}, n.Operator) {
			return append(perhaps(n.Left), perhaps(n.Right)...)
		}
	case *ast.BuiltinNode:
		var list []ast.Node
		for _, argument := range n.Arguments {
			list = append(list, perhaps(argument)...)
		}
		return list
	}
	return nil
}

// perhapsMember is for names: a last score, or a property of a last event and
// what is below it.
func perhapsMember(n *ast.MemberNode) []ast.Node {
	var path []*ast.MemberNode // from the outside in
	base := ast.Node(n)
	for {
		member, ok := base.(*ast.MemberNode)
		if !ok {
			break
		}
		path, base = append([]*ast.MemberNode{member}, path...), member.Node
	}
	name, ok := base.(*ast.IdentifierNode)
	if !ok {
		return nil
	}
	first := len(path) // how many of the path are always there
	switch {
	case name.Value == earlierName && property(path[0]) == "last":
		first = 2
	case (name.Value == "survey" || name.Value == "history") && property(n) == "score":
		first = len(path) - 1
	}
	var list []ast.Node
	for _, member := range path[min(first, len(path)):] {
		list = append(list, member)
	}
	return list
}

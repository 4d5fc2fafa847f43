package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// errorCodes finds every code of an error in the sources: the Code of a
// composite literal, the second argument of Fail, and what a function named
// outage returns. The value is where it stands.
func errorCodes(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	source(t, func(name, content string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, content, parser.SkipObjectResolution)
		if err != nil {
			return // somebody is writing it; the compiler will complain
		}
		found := func(e ast.Expr) {
			if text := literalText(e); text != "" {
				codes[text] = name
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.KeyValueExpr:
				if key, ok := node.Key.(*ast.Ident); ok && key.Name == "Code" {
					found(node.Value)
				}
			case *ast.BasicLit: // package themes hands its codes through functions of its own
				if text := literalText(node); strings.HasPrefix(text, "theme_") && strings.Contains(name, "analysis") {
					found(node)
				}
			case *ast.CallExpr:
				if calls(node, "Fail") && len(node.Args) == 2 {
					found(node.Args[1])
				}
			case *ast.FuncDecl:
				if node.Name.Name == "outage" {
					ast.Inspect(node, func(inner ast.Node) bool {
						if result, ok := inner.(*ast.ReturnStmt); ok && len(result.Results) == 1 {
							found(result.Results[0])
						}
						return true
					})
				}
			}
			return true
		})
	})
	return codes
}

func calls(call *ast.CallExpr, name string) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name == name
	case *ast.SelectorExpr:
		return f.Sel.Name == name
	}
	return false
}

func literalText(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return text
}

func TestEveryErrorCodeHasItsText(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	codes := errorCodes(t)
	for _, sure := range []string{"score", "database_gone", "survey_paused", "queue_full"} {
		if codes[sure] == "" {
			t.Fatalf("the search does not find %s: it is broken", sure)
		}
	}
	for code, name := range codes {
		if _, ok := english["error."+code]; !ok {
			t.Errorf("%s fails with %q, for which error.json has no text", name, code)
		}
	}
	for key := range english {
		code, isError := strings.CutPrefix(key, "error.")
		// Statuses and "internal" are named where a status becomes a message.
		if isError && codes[code] == "" && !strings.HasPrefix(code, "status_") && code != "internal" {
			t.Errorf("nothing fails with %s", key)
		}
	}
}

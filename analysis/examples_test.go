package analysis_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryFunctionHasAnExample keeps the module usable as a library: whoever
// looks a function up finds it at work, with its output.
func TestEveryFunctionHasAnExample(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); name == "testdata" || name == "internal" {
			return fs.SkipDir
		}
		functions, shown := functionsIn(t, dir)
		for _, name := range functions {
			if !shown[name] {
				t.Errorf("%s: %s has no Example", filepath.Join("analysis", dir), name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// functionsIn lists the exported functions of a folder's package, and those that
// an example with an output shows.
func functionsIn(t *testing.T, dir string) (functions []string, shown map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	shown = make(map[string]bool)
	set := token.NewFileSet()
	for _, name := range files {
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			for _, example := range doc.Examples(file) {
				base, _, _ := strings.Cut(example.Name, "_")
				shown[base] = shown[base] || example.Output != ""
			}
			continue
		}
		for _, declared := range file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				functions = append(functions, f.Name.Name)
			}
		}
	}
	return functions, shown
}

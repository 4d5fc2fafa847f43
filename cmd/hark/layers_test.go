package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/harkhq/hark/"

// layer is one position in the order of imports.
type layer struct {
	// dirs are the folders at this position; "x/*" is every folder under x, but
	// not x. A folder brings what is below it, unless that has a position itself.
	dirs []string
	// peers allows the folders of one position to import one another. Without
	// it, a package sees only its own folder and the positions before.
	peers bool
}

// layers is the way of the data: a package imports only from positions above
// its own. A new package belongs to one of them, or needs a decision here.
var layers = []layer{
	{dirs: []string{"static"}},
	{dirs: []string{"surveys"}},
	{dirs: []string{"analysis"}},
	{dirs: []string{"surveys/store"}},
	{dirs: []string{"surveys/flow"}},
	{dirs: []string{"templates/i18n"}},
	{dirs: []string{"templates/components"}},
	{dirs: []string{"templates/layouts"}},
	{dirs: []string{"templates/words"}},
	{dirs: []string{"templates/*"}},
	{dirs: []string{"mailer"}},
	// What several handler packages share (errors, rendering, sessions) is a
	// handler package itself; Go's ban on cycles keeps it at the bottom.
	{dirs: []string{"handlers/*"}, peers: true},
	{dirs: []string{"handlers"}},
	{dirs: []string{"cmd"}},
}

// reserved libraries belong to one place, so that they can be replaced there.
var reserved = map[string][]string{
	"gorm.io/":                     {"surveys/store"},
	"modernc.org/sqlite":           {"surveys/store"},
	"github.com/labstack/echo/":    {"handlers"},
	"github.com/wneessen/go-mail":  {"mailer"},
	"github.com/chromedp/chromedp": {"handlers/browsertest"},
}

// standardOnly are the packages, without those below, that import nothing but
// the standard library and the tables of Unicode, IDNA and public suffixes, which
// say what is one mailbox and one receiver, and which it lacks.
var standardOnly = []string{"surveys"}

// tables are those of Unicode, IDNA and public suffixes.
var tables = []string{"golang.org/x/net/idna", "golang.org/x/net/publicsuffix", "golang.org/x/text/unicode/norm"}

// readsEnvironment are the places that may ask for an environment variable:
// the program's edge, and what only tests import.
var readsEnvironment = []string{"cmd", "surveys/store/storetest", "mailer/smtptest", "handlers/browsertest"}

// topLevel are the folders of the checkout, dot-folders aside. bin holds what
// make builds and is never committed; the browser's Node packages likewise.
var topLevel = []string{"analysis", "bin", "cmd", "docs", "handlers", "mailer", "static", "surveys", "templates"}

// layeredPackage is what the rules look at in a package: its code without the tests,
// which may import the packages that help them from anywhere.
type layeredPackage struct {
	Dir        string // on disk
	ImportPath string
	GoFiles    []string
	CgoFiles   []string
	Imports    []string
}

// folder is the package's folder within the module.
func (s layeredPackage) folder() string { return strings.TrimPrefix(s.ImportPath, module) }

func TestLayers(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	for _, pkg := range list(t, root) {
		for _, broken := range slices.Concat(checkOrder(pkg), checkReserved(pkg), checkStandard(pkg)) {
			t.Error(broken)
		}
		for _, name := range slices.Concat(pkg.GoFiles, pkg.CgoFiles) {
			file := filepath.Join(pkg.Dir, name)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range checkSource(path.Join(pkg.folder(), name), text) {
				t.Error(broken)
			}
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") && !slices.Contains(topLevel, entry.Name()) {
			t.Errorf("the top-level folder %s is not in the layout", entry.Name())
		}
	}
}

// list asks Go for every package of the module that has more than tests.
func list(t *testing.T, root string) []layeredPackage {
	t.Helper()
	command := exec.Command("go", "list", "-e", "-json=Dir,ImportPath,GoFiles,CgoFiles,Imports", "./...")
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []layeredPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg layeredPackage
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		if len(pkg.GoFiles)+len(pkg.CgoFiles) > 0 {
			packages = append(packages, pkg)
		}
	}
}

// under says whether folder is one of dirs or below it.
func under(folder string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		return folder == dir || strings.HasPrefix(folder, dir+"/")
	})
}

// position returns the index in layers of the longest entry that covers folder,
// and the folder that the entry stands for; -1 where none does.
func position(folder string) (int, string) {
	best, root := -1, ""
	for i, layer := range layers {
		for _, dir := range layer.dirs {
			if parent, every := strings.CutSuffix(dir, "/*"); every {
				rest, below := strings.CutPrefix(folder, parent+"/")
				if !below {
					continue
				}
				first, _, _ := strings.Cut(rest, "/")
				dir = parent + "/" + first
			}
			// Strictly longer: a folder that is named wins over a pattern above it.
			if under(folder, []string{dir}) && (len(dir) > len(root) || best < 0) {
				best, root = i, dir
			}
		}
	}
	return best, root
}

// checkOrder finds imports within the module that run the wrong way.
func checkOrder(pkg layeredPackage) []string {
	own, ownRoot := position(pkg.folder())
	if own < 0 {
		return []string{fmt.Sprintf("%s has no place in the layers", pkg.ImportPath)}
	}
	var broken []string
	for _, imported := range pkg.Imports {
		folder, inside := strings.CutPrefix(imported, module)
		if !inside {
			continue
		}
		other, otherRoot := position(folder)
		near := other == own && (otherRoot == ownRoot || layers[own].peers)
		if other < 0 || other >= own && !near {
			broken = append(broken, fmt.Sprintf("%s imports %s, which does not come before it", pkg.folder(), folder))
		}
	}
	return broken
}

// checkReserved finds libraries outside of their place.
func checkReserved(pkg layeredPackage) []string {
	var broken []string
	for _, imported := range pkg.Imports {
		for library, homes := range reserved {
			if strings.HasPrefix(imported+"/", library) && !under(pkg.folder(), homes) {
				broken = append(broken, fmt.Sprintf("%s imports %s, which belongs in %v only", pkg.folder(), imported, homes))
			}
		}
	}
	return broken
}

// checkStandard finds anything but the standard library where only that may be.
func checkStandard(pkg layeredPackage) []string {
	if !slices.Contains(standardOnly, pkg.folder()) {
		return nil
	}
	var broken []string
	for _, imported := range pkg.Imports {
		// Only a path outside of the standard library starts with a domain.
		if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") && !slices.Contains(tables, imported) {
			broken = append(broken, fmt.Sprintf("%s imports %s, but may import the standard library only", pkg.folder(), imported))
		}
	}
	return broken
}

// checkSource finds init functions, and questions to the environment where they
// do not belong. name is the file's path within the module.
func checkSource(name string, text []byte) []string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return []string{fmt.Sprintf("parse %s: %v", name, err)}
	}
	var broken []string
	asks := []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}
	allowed := under(path.Dir(name), readsEnvironment)
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			if node.Recv == nil && node.Name.Name == "init" {
				broken = append(broken, fmt.Sprintf("%s: an init function: build it in run instead", files.Position(node.Pos())))
			}
		case *ast.SelectorExpr:
			from, ok := node.X.(*ast.Ident)
			if ok && !allowed && (from.Name == "os" || from.Name == "syscall") && slices.Contains(asks, node.Sel.Name) {
				broken = append(broken, fmt.Sprintf("%s: %s.%s: only cmd reads the environment", files.Position(node.Pos()), from.Name, node.Sel.Name))
			}
		}
		return true
	})
	return broken
}

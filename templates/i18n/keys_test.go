package i18n

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// text is a text as its file has it, in its plural forms.
type text map[string]string

// texts reads a language's files: by key, with the area that each came from.
func texts(t *testing.T, tag string) (byKey map[string]text, area map[string]string) {
	t.Helper()
	byKey, area = map[string]text{}, map[string]string{}
	files, err := fs.Glob(locales, "locales/"+tag+"/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no files (%v)", tag, err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(locales, file)
		if err != nil {
			t.Fatal(err)
		}
		var raw map[string]any
		if err := json.Unmarshal(content, &raw); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, value := range raw {
			if _, twice := byKey[key]; twice {
				t.Errorf("%s: %s is in two files", tag, key)
			}
			byKey[key], area[key] = forms(t, key, value), strings.TrimSuffix(path.Base(file), ".json")
		}
	}
	return byKey, area
}

func forms(t *testing.T, key string, value any) text {
	t.Helper()
	switch v := value.(type) {
	case string:
		return text{"other": v}
	case map[string]any:
		all := text{}
		for form, words := range v {
			written, ok := words.(string)
			if !ok {
				t.Errorf("%s: the form %s is not a text", key, form)
			}
			all[form] = written
		}
		return all
	}
	t.Errorf("%s is neither a text nor plural forms", key)
	return nil
}

// placeholderNames lists the names in a text, each once.
func placeholderNames(words string) []string {
	names := map[string]bool{}
	for rest := words; ; {
		_, name, after, found := cutPlaceholder(rest)
		if !found {
			return slices.Sorted(maps.Keys(names))
		}
		names[name] = true
		rest = after
	}
}

func TestKeysBeginWithTheirArea(t *testing.T) {
	t.Parallel()
	for _, l := range Languages() {
		byKey, area := texts(t, l.Tag)
		for key := range byKey {
			if !strings.HasPrefix(key, area[key]+".") {
				t.Errorf("%s: %s stands in %s.json", l.Tag, key, area[key])
			}
		}
	}
}

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	for _, l := range Languages()[1:] {
		other, _ := texts(t, l.Tag)
		for key := range english {
			if _, ok := other[key]; !ok {
				t.Errorf("%s lacks %s", l.Tag, key)
			}
		}
		for key, forms := range other {
			source, ok := english[key]
			if !ok {
				t.Errorf("%s has %s, which English has not", l.Tag, key)
				continue
			}
			for form, words := range forms {
				compare(t, l.Tag+" "+key+" "+form, words, source["other"])
			}
		}
	}
}

// compare wants the same placeholders in both texts; patterns of dates and
// numbers are each language's own.
func compare(t *testing.T, what, words, source string) {
	t.Helper()
	if strings.Trim(words, " \t\n") == "" {
		t.Errorf("%s is empty", what)
	}
	if strings.Contains(what, " format.") {
		return
	}
	if got, want := placeholderNames(words), placeholderNames(source); !slices.Equal(got, want) {
		t.Errorf("%s has the placeholders %v, English has %v", what, got, want)
	}
}

func TestEnglishPluralsHaveBothForms(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	for key, forms := range english {
		if len(forms) > 1 && (forms["one"] == "" || forms["other"] == "") {
			t.Errorf("%s lacks one or other", key)
		}
	}
}

var (
	call    = regexp.MustCompile(`\.(?:T|N|Parts)\("([^"]+)"[,)]`)
	literal = regexp.MustCompile("[\"`]([a-z][a-z0-9_]*\\.[a-z0-9_.]*)[\"`]")
)

// source calls visit with each hand-written file of the program.
func source(t *testing.T, visit func(name, content string)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join("..", ".."), func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2 {
			return fs.SkipDir
		}
		generated := strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go")
		if entry.IsDir() || generated || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			return nil
		}
		content, err := os.ReadFile(name)
		if err == nil {
			visit(name, string(content))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryKeyThatIsUsedExists(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	uses := 0
	source(t, func(name, content string) {
		for _, match := range call.FindAllStringSubmatch(content, -1) {
			uses++
			if _, ok := english[match[1]]; !ok {
				t.Errorf("%s uses %s, which no catalogue has", name, match[1])
			}
		}
	})
	if uses == 0 {
		t.Error("no use was found: the search is broken")
	}
}

// A key counts as used when it stands in the source as a whole, or when it
// begins with a literal that ends in a dot ("metric.band." + band) or holds
// another one that does ("metric." + metric + ".question").
func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	used := map[string]bool{}
	var beginnings []string
	source(t, func(_, content string) {
		for _, match := range literal.FindAllStringSubmatch(content, -1) {
			used[match[1]] = true
			if strings.HasSuffix(match[1], ".") {
				beginnings = append(beginnings, match[1])
			}
		}
		for _, match := range regexp.MustCompile(`"([a-z]+\.[a-z_.]+\.)%d"`).FindAllStringSubmatch(content, -1) {
			beginnings = append(beginnings, match[1])
		}
	})
	for key := range english {
		begins := slices.ContainsFunc(beginnings, func(beginning string) bool { return strings.HasPrefix(key, beginning) })
		if !used[key] && !begins && !used[strings.TrimSuffix(key, "_name")] {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

package surveys

import (
	"fmt"
	"net/url"
	"strings"
)

// Problem is what went wrong, as it is stored and said later in the reader's
// language: a key of the catalogue, without the "error." in front, and what its
// text needs.
type Problem struct {
	Code string
	Args map[string]any // texts and numbers
}

// String is the problem as it is stored: condition_missing?name=event.type
func (p Problem) String() string {
	args := make(url.Values, len(p.Args))
	for name, value := range p.Args {
		args.Set(name, fmt.Sprint(value))
	}
	return p.Code + "?" + args.Encode()
}

// ParseProblem reads what [Problem.String] wrote, numbers as texts. It is false
// for other texts.
func ParseProblem(stored string) (Problem, bool) {
	code, query, found := strings.Cut(stored, "?")
	if !found || code == "" || strings.ContainsAny(code, " .:") {
		return Problem{}, false
	}
	args, err := url.ParseQuery(query)
	if err != nil {
		return Problem{}, false
	}
	p := Problem{Code: code, Args: make(map[string]any, len(args))}
	for name := range args {
		p.Args[name] = args.Get(name)
	}
	return p, true
}

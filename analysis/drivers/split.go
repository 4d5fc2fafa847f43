package drivers

import (
	"slices"

	"github.com/harkhq/hark/analysis"
)

// split is how R² is to be split: among which drivers, by which method.
type split struct {
	method Method
	names  []string // of the drivers
	order  []int    // the columns, those of one driver side by side
	bounds []int    // driver j has order[bounds[j]:bounds[j+1]]
}

// split reads the options. Drivers come in the order of their first columns.
func (p *Products) split(o Options) (split, error) {
	owner, err := p.owners(o.Groups)
	if err != nil {
		return split{}, err
	}
	s := split{method: o.Method}
	for i, name := range p.names {
		if slices.Contains(s.order, i) {
			continue
		}
		s.bounds = append(s.bounds, len(s.order))
		group, grouped := owner[name]
		if !grouped {
			s.names, s.order = append(s.names, name), append(s.order, i)
			continue
		}
		s.names = append(s.names, o.Groups[group].Name)
		for _, column := range o.Groups[group].Columns {
			s.order = append(s.order, slices.Index(p.names, column))
		}
	}
	s.bounds = append(s.bounds, len(s.order))
	if s.method == "" {
		if s.method = Johnson; len(s.names) <= maxPlayers {
			s.method = LMG
		}
	}
	return s, s.check()
}

// owners says which group each grouped column belongs to.
func (p *Products) owners(groups []Group) (map[string]int, error) {
	owner := map[string]int{}
	seen := map[string]bool{}
	for g, group := range groups {
		if group.Name == "" || seen[group.Name] || len(group.Columns) == 0 {
			return nil, analysis.Refuse("groups", "%q has no name, no columns, or comes twice", group.Name)
		}
		seen[group.Name] = true
		for _, column := range group.Columns {
			if _, taken := owner[column]; taken || !slices.Contains(p.names, column) {
				return nil, analysis.Refuse("groups", "%q has the column %q, which there is not, or which has another group", group.Name, column)
			}
			owner[column] = g
		}
	}
	for _, name := range p.names {
		if _, grouped := owner[name]; !grouped && seen[name] {
			return nil, analysis.Refuse("groups", "%q is the name of a column too", name)
		}
	}
	return owner, nil
}

// check refuses what a method cannot split.
func (s split) check() error {
	switch {
	case s.method != LMG && s.method != Johnson:
		return analysis.Refuse("method", "%q is neither %s nor %s", string(s.method), LMG, Johnson)
	case s.method == LMG && len(s.names) > maxPlayers:
		return analysis.Refuse("method", "%s splits among %d drivers at most, not %d", LMG, maxPlayers, len(s.names))
	case s.method == Johnson && len(s.names) < len(s.order):
		return analysis.Refuse("groups", "%s cannot split among groups, and %s only among %d drivers", Johnson, LMG, maxPlayers)
	}
	return nil
}

// weigh splits R²; false when the method does not come to an end.
func (s split) weigh(c correlations) ([]float64, bool) {
	if s.method == Johnson {
		return johnson(c)
	}
	return lmg(c, s.bounds), true
}

package web

import (
	"encoding/json"
	"math"
	"strings"
)

// exactWhole is up to where a float64 holds every whole number.
const exactWhole = 1 << 53

// Plain are the values of a decoded object, with numbers as all else in Hark
// computes with them. Whole ones that would lose digits by it are ids, and become
// texts: two tickets must not turn into one.
func Plain(values map[string]any) map[string]any {
	for key, value := range values {
		values[key] = plainValue(value)
	}
	return values
}

func plainValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return Plain(v)
	case []any:
		for i := range v {
			v[i] = plainValue(v[i])
		}
	case json.Number:
		f, err := v.Float64()
		whole := !strings.ContainsAny(v.String(), ".eE")
		if err != nil || whole && math.Abs(f) >= exactWhole {
			return v.String()
		}
		return f
	}
	return value
}

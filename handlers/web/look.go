package web

// Look is how a screen on a wall is coloured: dark, unless its address asks for
// light, or for what the browser prefers (auto). A television's browser mostly
// prefers light, because nobody ever told it otherwise.
func Look(asked string) string {
	switch asked {
	case "light", "auto":
		return asked
	}
	return "dark"
}

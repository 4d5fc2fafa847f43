package themes

// Language is what a comment is written in: an ISO 639-1 code without script or
// region ("en", "zh", "de"), or [Unknown].
type Language string

// The languages that this package treats in a way of their own. Both ways of
// writing Chinese are Chinese: traditional characters are read as the simplified
// ones. Any other code is as good for training and for rules.
const (
	Unknown Language = "" // no letters at all, or letters that do not tell
	English Language = "en"
	Chinese Language = "zh"
)

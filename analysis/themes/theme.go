package themes

// Theme is something that people write about, known by its keywords. One list
// holds the keywords of all languages: the script of a keyword says how it is
// looked for, so that whoever edits it need not.
//
//	delivery        a word; its inflected forms count too (deliveries)
//	arrived late    a phrase: these words in a row, inflected or not
//	refund*         any word that begins so
//	-delivery note  not this: what it covers is not counted, though "delivery" is there
//	物流            Chinese, Japanese, Korean, Thai: wherever it stands
//
// Case, width (ＡＢＣ), accents' encoding and simplified or traditional characters
// make no difference.
type Theme struct {
	ID       string   // stable: the name may change, what was counted stays
	Name     string   // as the team calls it
	Keywords []string // in the order that the team gave them
}

// The limits of [Theme.Check] and [CheckSet].
const (
	MaxThemes       = 100 // of one workspace
	MaxKeywords     = 100 // of one theme
	MaxNameRunes    = 60
	MaxKeywordRunes = 60
	MaxKeywordWords = 12 // a character of Chinese counts as a word
)

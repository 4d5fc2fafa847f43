package themes

// Unspaced reports whether a script is written without spaces between words, so
// that its characters are looked at one by one: Chinese, Japanese, Korean, Thai
// and their neighbours.
func Unspaced(r rune) bool { return isChar(r) }

// Simplified is the simplified form of a traditional Chinese character that
// comments are made of, and any other character as it is.
func Simplified(r rune) rune { return simplified(r) }

package themes

import (
	"slices"
	"strings"
	"unicode"
)

// smallWords are, between spaces, the words that hold sentences together, of the languages that
// people most often write in though another was declared. Words that two of them
// share ("die", "in", "un") are left out, except where they are so frequent that
// both need them. They also are what suggestions and the names of things leave
// out: see [Suggest].
func smallWords(l Language) string {
	switch l {
	case English:
		return " the and is was it this that with you your have has had not but very are were they my our for from would should could when what which there been their more than too just because dont didnt its of to "
	case "de":
		return " und der das ist nicht ich sie mit auf ein eine einen dem den zu sehr wir aber auch bei von wird wurde haben hat war sind leider mehr noch wie oder nur kein keine immer für über schon "
	case "fr":
		return " les est une des pas pour que qui dans avec sur je vous nous très mais ce cette ont été sont plus trop le et du au aux votre mon ma toujours "
	case "es":
		return " el los las es una por para con muy pero está son más mi su lo al del y fue han hay cuando todo también siempre "
	case "it":
		return " il che di è non per una sono con molto della gli ho ma anche più del alla nel mi stato sempre questo troppo "
	case "pt":
		return " o os não uma com muito para é mas em do da foi mais são meu minha ao está também sempre um "
	case "nl":
		return " het een en van niet ik dat met zijn voor maar ook heel bij wel aan naar er te zo nog goed mijn geen worden altijd "
	}
	return ""
}

// smallWordLanguages are those that [smallWords] knows.
func smallWordLanguages() []Language { return []Language{English, "de", "fr", "es", "it", "pt", "nl"} }

// maxSmallWords is how many words of a comment are looked up among them.
const maxSmallWords = 80

// isSmallWord reports whether a word is one of a language's small ones.
func isSmallWord(word string, l Language) bool {
	return strings.Contains(smallWords(l), " "+word+" ")
}

// western tells the languages of Latin letters, given what was declared.
func western(text string, base Language) Language {
	if !writesLatin(base) {
		if base != Unknown {
			base = English
		}
	}
	languages := smallWordLanguages()
	hits := make([]int, len(languages))
	words := 0
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		if words++; words > maxSmallWords {
			break
		}
		if len(word) > 8 {
			continue
		}
		key := " " + strings.ToLower(word) + " "
		for i, l := range languages {
			if strings.Contains(smallWords(l), key) {
				hits[i]++
			}
		}
	}
	best, most := base, 1 // two words of another language are the least that is believed
	if i := slices.Index(languages, base); i >= 0 {
		most = max(hits[i], 1)
	}
	for i, n := range hits {
		if n > most {
			best, most = languages[i], n
		}
	}
	return best
}

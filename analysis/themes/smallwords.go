package themes

import (
	"slices"
	"strings"
	"unicode"
)

// smallWords are, between spaces, the words that hold sentences together, of the languages that
// people most often write in though another was declared. Words that two of them
// share ("die", "in", "un") are left out, except where they are so frequent that
// both need them.
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

// englishFillers and chineseFillers are words that make no theme: how much, when,
// how many, please; and the feeling itself, which is what a theme is measured by.
const (
	englishFillers = " a an i me we us he she him her who why how all any some no yes or if so as at by be been being do does did done doing " +
		"am can cannot could will wont never always often sometimes ever again still now then here only even also over under after before since until " +
		"much many every each other another else next last first few lot lots bit little more less most least really quite pretty rather well enough " +
		"one two three four five six seven eight nine ten once twice second third times time day days week weeks month months year years " +
		"please thank thanks sorry hello hope wish think know feel say said tell told get got getting go going went come came make made take took want wanted need needed " +
		"like liked love loved lovely good great best better bad worse worst nice fine okay ok perfect excellent amazing awesome wonderful fantastic brilliant superb " +
		"terrible awful horrible poor disappointed disappointing happy unhappy satisfied dissatisfied pleased frustrating frustrated keep thing things way people " +
		"about into out up down off back through between both same such own than too very just what when where which while without within please "
	chineseFillers = "希望 有点 非常 特别 继续 谢谢 感谢 差点 考虑 觉得 感觉 时候 现在 已经 还是 因为 所以 但是 不过 这个 那个 什么 怎么 可以 没有 一直 比较 真的 根本 明明 就是 " +
		"不错 很好 满意 失望 喜欢 推荐 点赞 很棒 太差 糟糕 垃圾 开心 高兴 无语 不好 好评 差评 很差 一般 还行 还好 加油 下次 下个 以后 以前 今天 昨天 每次 这次 第一 第二 有些 一些 一点 完全 不能 不会 不用 不要 应该 可能 继续 支持"
)

// isFiller reports whether a word names nothing.
func isFiller(word string, l Language) bool {
	key := " " + word + " "
	return strings.Contains(smallWords(l), key) || l == English && strings.Contains(englishFillers, key)
}

// hasFiller reports whether a run of Chinese characters has a word in it that
// names nothing.
func hasFiller(run string) bool {
	for filler := range strings.FieldsSeq(chineseFillers) {
		if strings.Contains(run, filler) {
			return true
		}
	}
	return false
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

package surveys

// Written counts the texts that a survey's author has written in any language,
// and those of them that are missing in one. What nobody wrote is not missing:
// the catalogue has the usual words in every language.
func (s Survey) Written(locale string) (texts, missing int) {
	for _, in := range s.written() {
		if len(in) == 0 {
			continue
		}
		texts++
		if !in[locale] {
			missing++
		}
	}
	return texts, missing
}

// WrittenIn lists the languages in which a survey has words of its own.
func (s Survey) WrittenIn() []string {
	var list []string
	for _, locale := range RespondentLocales() {
		for _, in := range s.written() {
			if in[locale] {
				list = append(list, locale)
				break
			}
		}
	}
	return list
}

// written are the survey's texts, each as the languages that have it.
func (s Survey) written() []map[string]bool {
	list := languagesOf(s.Question.Texts, func(t Text) []string {
		return []string{t.Ask, t.Low, t.High, t.FollowUp, t.FollowUpGood, t.FollowUpMiddle, t.FollowUpBad, t.ThankYou}
	})
	for _, f := range s.Question.FollowUps {
		list = append(list, languagesOf(f.Texts, func(t FollowUpText) []string { return []string{t.Ask, t.Low, t.High} })...)
		for _, c := range f.Choices {
			list = append(list, languagesOf(c.Texts, func(text string) []string { return []string{text} })...)
		}
	}
	for _, thanks := range s.Thanks {
		list = append(list, languagesOf(thanks.Texts, func(t ThankYouText) []string { return []string{t.Text, t.Link} })...)
	}
	return list
}

// languagesOf says for each of the words in texts which languages have it.
func languagesOf[T any](texts map[string]T, words func(T) []string) []map[string]bool {
	var none T
	list := make([]map[string]bool, len(words(none)))
	for locale, text := range texts {
		for i, word := range words(text) {
			if word == "" {
				continue
			}
			if list[i] == nil {
				list[i] = make(map[string]bool)
			}
			list[i][locale] = true
		}
	}
	return list
}

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis/themes"
)

// written shows what people wrote about.
func (p printer) written(s scored) {
	w := s.Themes
	if w == nil {
		return
	}
	p.title("What people write about")
	if w.Comments < fewestShown {
		p.say("", fmt.Sprintf("Too few comments to show what they are about: %s in %q.", count(w.Comments, "comment"), oneLine(w.Column)), "")
		return
	}
	p.say("", fmt.Sprintf("From %s in %q, %.0f%% of the answers, by the themes of %s.", count(w.Comments, "comment"), oneLine(w.Column), 100*float64(w.Comments)/float64(w.Answers), w.Kind), "")
	p.line("")
	p.themes(w, s.confidence)
	p.legend(w)
	p.mentions(w)
	p.feelings(w)
	p.examples(w)
}

// legend says what an effect and its star mean, and which themes have too few
// comments.
func (p printer) legend(w *writtenAbout) {
	has := func(effect func(theme) bool) bool { return slices.ContainsFunc(w.shown(), effect) }
	if has(func(t theme) bool { return t.Effect != nil }) {
		p.say("  ", "Effect: the score of those who mention it minus that of the other commenters. This shows what goes together, not what causes what.", toneFaint)
	}
	if has(func(t theme) bool { return t.Effect != nil && t.Effect.Real }) {
		p.say("  ", "* beyond what chance does when so many themes are looked at.", toneFaint)
	}
	var few []string
	for _, t := range w.Themes {
		if t.Hidden {
			few = append(few, t.Name)
		}
	}
	if len(few) > 0 {
		p.say("  ", fmt.Sprintf("Not shown, with fewer than %d comments each: %s.", fewestShown, strings.Join(few, ", ")), toneFaint)
	}
}

// mentions says which themes are mentioned more or less often than before.
func (p printer) mentions(w *writtenAbout) {
	if w.Compared == nil {
		return
	}
	then, any, told := w.Compared.Before, false, false
	for _, t := range w.Themes {
		c := t.Change
		if c == nil {
			continue
		}
		any = true
		if c.Direction == themes.Steady || c.Difference == nil {
			continue
		}
		word := "more"
		if c.Direction == themes.Down {
			word = "less"
		}
		told = true
		p.say("  ", fmt.Sprintf("%s is mentioned %s: %s of the comments of %s, against %s of those of %s; %s.", t.Name, word,
			number(c.Before.Share+c.Difference.Value, 0)+"%", w.Compared.After, number(c.Before.Share, 0)+"%", then,
			signed(c.Difference.Value, c.Difference.Low, c.Difference.High, w.confidence)), "")
	}
	if any && !told {
		p.say("  ", fmt.Sprintf("No theme is mentioned more or less often in %s than in %s, beyond chance.", w.Compared.After, then), "")
	}
}

// feelings says how many are unhappy, who judged that, and how well.
func (p printer) feelings(w *writtenAbout) {
	p.line("")
	if unhappy := w.Mood.Negative; unhappy != nil {
		p.say("", fmt.Sprintf("%s of %s are unhappy.", number(unhappy.Share, 0)+"%", count(unhappy.Of, "comment")), "")
	}
	var models []string
	for _, f := range w.Feelings {
		if f.By == themes.ByModel {
			models = append(models, fmt.Sprintf("%.0f of 100 cases in %s (%s)", 100*f.Quality.AUC, languageName(f.Language), count(f.N, "comment")))
		}
	}
	if len(models) > 0 {
		p.say("", "A model trained on these scores tells who is. Of a good and a bad comment that it has not seen, it knows which is which in "+strings.Join(models, ", and ")+".", "")
	}
	for _, f := range w.Feelings {
		switch {
		case f.By == themes.ByVADER:
			p.say("", fmt.Sprintf("In %s (%s) VADER, a general word list, judges who is unhappy%s.", languageName(f.Language), count(f.N, "comment"), f.because()), "")
		case f.By == themes.ByNobody && f.N >= fewestShown && f.Language != themes.Unknown:
			p.say("", fmt.Sprintf("In %s (%s) it cannot be told who is unhappy%s.", languageName(f.Language), count(f.N, "comment"), f.because()), "")
		}
	}
	if w.Sampled < w.Comments {
		p.say("", fmt.Sprintf("Feelings and examples are those of %s, drawn by lot.", count(w.Sampled, "comment")), toneFaint)
	}
}

// because says why there is no model.
func (f feeling) because() string {
	switch {
	case f.Refused != nil:
		return ": " + f.Refused.Text
	case f.N < themes.LeastComments:
		return fmt.Sprintf(": a model takes %d comments with good or bad scores", themes.LeastComments)
	}
	return ""
}

// languageName is a language's; its code where it is rare.
func languageName(l themes.Language) string {
	switch l {
	case themes.English:
		return "English"
	case themes.Chinese:
		return "Chinese"
	case "de":
		return "German"
	case "fr":
		return "French"
	case "es":
		return "Spanish"
	}
	return strconv.Quote(string(l))
}

// examples quotes some comments, in two lines each at most.
func (p printer) examples(w *writtenAbout) {
	for _, t := range w.Themes {
		if len(t.Examples) == 0 {
			continue
		}
		p.line("")
		p.say("", fmt.Sprintf("%s, for example", t.Name), "")
		for _, e := range t.Examples {
			text := strings.Join(strings.Fields(visible(e.Text)), " ")
			p.say("  ", fmt.Sprintf("%d: “%s”", e.Score, short(text, 2*p.width-16)), "")
		}
	}
}

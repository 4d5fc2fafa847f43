package northwind

import (
	"math/rand/v2"

	"github.com/harkhq/hark/surveys"
)

// What the shop asks beside the score, and how many of those who are asked say
// something.
const (
	askWhat     = "what"
	askParcel   = "parcel"
	askContact  = "contact"
	besideShare = 0.6
	secondShare = 0.25 // name two things
	writeShare  = 0.3  // may be written to
)

func followUp(id string, kind surveys.FollowUpKind, english, chinese string, bands ...surveys.Band) surveys.FollowUp {
	return surveys.FollowUp{ID: id, Kind: kind, Show: surveys.Show{Bands: bands}, Texts: map[string]surveys.FollowUpText{"en": {Ask: english}, "zh-Hans": {Ask: chinese}}}
}

func mainComment() surveys.FollowUp {
	return surveys.FollowUp{ID: surveys.MainComment, Kind: surveys.FollowUpComment, Texts: map[string]surveys.FollowUpText{}}
}

func choice(id, english, chinese string) surveys.Choice {
	return surveys.Choice{ID: id, Texts: map[string]string{"en": english, "zh-Hans": chinese}}
}

// shopAsks is asked after the shop's score.
func shopAsks() []surveys.FollowUp {
	what := followUp(askWhat, surveys.FollowUpOne, "Which of these matters most?", "其中哪一点最重要？", surveys.Passive, surveys.Detractor)
	what.Choices = []surveys.Choice{
		choice("delivery", "Quicker delivery", "配送更快"), choice("price", "A better price", "价格更合适"), choice("taste", "Better coffee", "咖啡更好喝"),
		choice("choice", "More to choose from", "选择更多"), choice("help", "Better help", "服务更好"),
	}
	return []surveys.FollowUp{mainComment(), what}
}

// parcelAsks is asked after a delivery's score.
func parcelAsks() []surveys.FollowUp {
	what := followUp(askParcel, surveys.FollowUpMany, "What went wrong?", "哪里出了问题？", surveys.Neutral, surveys.Dissatisfied)
	what.Choices = []surveys.Choice{
		choice("late", "It came late", "送晚了"), choice("damaged", "It was damaged", "有破损"), choice("wrong", "Something was missing or wrong", "缺件或发错"),
		choice("courier", "The courier", "快递员的服务"),
	}
	return []surveys.FollowUp{what, mainComment(), followUp(askContact, surveys.FollowUpContact, "May we write to you about it?", "可以就此联系您吗？", surveys.Dissatisfied)}
}

// shopThanks leads those who are glad to where others read it.
func shopThanks() map[surveys.Band]surveys.ThankYou {
	return map[surveys.Band]surveys.ThankYou{
		surveys.Promoter: {Link: "https://reviews.example/northwind-coffee", Texts: map[string]surveys.ThankYouText{
			"en":      {Text: "Thank you, that makes our day. Would you tell others, too?", Link: "Write a review"},
			"zh-Hans": {Text: "谢谢您，我们很高兴！愿意也告诉其他人吗？", Link: "写一条评价"},
		}},
		surveys.Detractor: {Link: "https://northwind.example/help", Texts: map[string]surveys.ThankYouText{
			"en":      {Text: "Thank you for telling us. A person at the roastery reads it today.", Link: "Get help now"},
			"zh-Hans": {Text: "谢谢您告诉我们。烘焙坊的同事今天就会看到。", Link: "现在获取帮助"},
		}},
	}
}

// beside draws what answers say beside their score, from a chance of its own, as
// [ratings] does.
type beside struct {
	story Story
	r     *rand.Rand
}

func newBeside(story Story) beside {
	return beside{story: story, r: rand.New(rand.NewPCG(uint64(story.Year.To), 0x62657369))}
}

// say lays answers over those that came by Hark's own pages.
func (b beside) say(list []surveys.Response) {
	for i, r := range list {
		scale := surveys.NPS.Scale()
		switch {
		case r.Channel == surveys.ChannelImport || r.Channel == surveys.ChannelAPI:
		case r.SurveyID == b.story.NPS.ID && scale.Band(r.Score) != surveys.Promoter:
			list[i].Answers = b.chosen(askWhat, shopAsks()[1].Choices)
		case r.SurveyID == b.story.CSAT.ID && r.Score <= 3:
			list[i].Answers = b.chosen(askParcel, parcelAsks()[0].Choices)
			if r.Score <= 2 && list[i].Answers != nil && b.r.Float64() < writeShare {
				list[i].Answers[askContact] = surveys.Answer{Allowed: true}
			}
		}
	}
}

// chosen is one of the choices, the first ones oftener, and now and then a second
// where several can be chosen; nil for who says nothing.
func (b beside) chosen(id string, choices []surveys.Choice) map[string]surveys.Answer {
	if b.r.Float64() >= besideShare {
		return nil
	}
	first := min(b.r.IntN(len(choices)), b.r.IntN(len(choices)))
	said := []string{choices[first].ID}
	if id == askParcel && first+1 < len(choices) && b.r.Float64() < secondShare {
		said = append(said, choices[first+1].ID)
	}
	return map[string]surveys.Answer{id: {Choices: said}}
}

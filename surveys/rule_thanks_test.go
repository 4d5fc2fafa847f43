package surveys

import "testing"

func TestLinksOfThanksAreSafe(t *testing.T) {
	t.Parallel()
	for link, code := range map[string]string{
		"https://reviews.example/shop?stars=5": "", "http://reviews.example": "thanks_link", "javascript:alert(1)": "thanks_link",
		"reviews.example": "thanks_link", "https://": "thanks_link", "https://a@b.example": "thanks_link", "https://x\n.example": "thanks_link",
	} {
		r := Rule{Name: "A rule", EventType: "order", SurveyID: "s", Status: RuleActive, Thanks: Thanks{On: true, Links: map[Band]string{Promoter: link}}}
		_, wrong := r.Check()
		if code == "" && len(wrong) > 0 || code != "" && (len(wrong) != 1 || wrong[0].Code != code || wrong[0].Path != "thanks.links.promoter") {
			t.Errorf("%q: %v, want %q", link, wrong, code)
		}
	}
}

package themes

import (
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// What people write, and the themes that a starter set must find in it.
func TestStarterSetsOnSentences(t *testing.T) {
	t.Parallel()
	matchers := map[Kind]*Matcher{}
	for _, kind := range Kinds() {
		matchers[kind] = golden.Must(NewMatcher(golden.Must(StarterSet(kind, "en"))))
	}
	for _, c := range []struct {
		kind       Kind
		text       string
		want, none []string
	}{
		{Commerce, "Parcel arrived three days late and the box was crushed", []string{"delivery", "packaging"}, []string{"price"}},
		{Commerce, "Where is my order? Two weeks and no tracking.", []string{"delivery"}, nil},
		{Commerce, "Overpriced, and I was charged twice", []string{"price", "payment"}, []string{"delivery"}},
		{Commerce, "The zip broke after a week, poor quality", []string{"quality"}, nil},
		{Commerce, "Colour is nothing like the picture, had to send it back", []string{"description", "returns"}, nil},
		{Commerce, "Everything I wanted was out of stock", []string{"range"}, nil},
		{Commerce, "Could not log in and the checkout crashed", []string{"shop"}, []string{"service"}},
		{Commerce, "Refunded within a day, thanks", []string{"returns"}, []string{"delivery"}},
		{Commerce, "Very rude staff, nobody replied to my mails", []string{"service"}, nil},
		{Commerce, "I cancelled my subscription, too many mails", []string{"subscription"}, nil},
		{Commerce, "I will return next year!", nil, []string{"returns"}},
		{Commerce, "A package deal would be nice", nil, []string{"delivery"}},
		{Commerce, "快递太慢了，箱子也压坏了", []string{"delivery", "packaging"}, []string{"price"}},
		{Commerce, "性价比很高，一分钱一分货", []string{"price"}, nil},
		{Commerce, "用了两天就坏了，质量太差", []string{"quality"}, nil},
		{Commerce, "实物和图片色差很大，申请退货", []string{"description", "returns"}, nil},
		{Commerce, "想买的总是缺货", []string{"range"}, nil},
		{Commerce, "小程序总是闪退，下单失败", []string{"shop"}, nil},
		{Commerce, "重复扣款了两次，客服没人理", []string{"payment", "service"}, nil},
		{Commerce, "會員積分怎麼用不了", []string{"subscription"}, nil},
		{Commerce, "Good value overall. You get what you pay for.", []string{"price"}, []string{"payment"}},
		{Commerce, "Happy to pay for quality", []string{"price"}, []string{"payment"}},
		{Commerce, "I know the growers are paid properly", nil, []string{"payment"}},
		{Commerce, "Came without the card I had paid for", nil, []string{"payment"}},
		{Commerce, "Replaced free of charge", []string{"returns"}, []string{"payment"}},
		{Commerce, "I could not pay with PayPal", []string{"payment"}, nil},
		{Commerce, "I had paused and was charged anyway", []string{"subscription", "payment"}, nil},
		{Commerce, "The tracking page just said \"in transit\".", []string{"delivery"}, []string{"shop"}},
		{Commerce, "We were away, paused the subscription and moved the next box", []string{"subscription"}, []string{"packaging"}},
		{Commerce, "Please use stronger boxes, the box was soaked", []string{"packaging"}, nil},
		{Commerce, "The bag says it was roasted two days before it arrived", nil, []string{"delivery"}},
		{Commerce, "It arrived two days late", []string{"delivery"}, nil},
		{Commerce, "The present looked cheap", nil, []string{"price"}},
		{Commerce, "Eco-friendly and delicious", nil, []string{"service"}},
		{Commerce, "付款后第二天就到了", nil, []string{"payment"}},
		{Commerce, "周一下单周三就收到了，订单全部按时到", []string{"delivery"}, []string{"shop"}},
		{Commerce, "补发票一句话就办好了", []string{"payment"}, []string{"returns"}},
		{Commerce, "取消订单很麻烦", nil, []string{"subscription"}},
		{Commerce, "图片加载不出来", []string{"shop"}, []string{"description"}},
		{Commerce, "袋子上没有烘焙日期", nil, []string{"packaging"}},

		{Software, "It is important to me", nil, []string{"integrations"}},
		{Software, "Importing my contacts took a minute", []string{"integrations"}, nil},
		{Software, "Fast response from the team", []string{"support"}, []string{"speed"}},
		{Software, "Once you get the hang of it, fine", nil, []string{"speed"}},
		{Software, "I have to do it manually", nil, []string{"onboarding"}},
		{Software, "I reported this twice", nil, []string{"updates"}},
		{Software, "麻烦您尽快修复", nil, []string{"ease"}},
		{Software, "Very intuitive, but the app crashes on my iPhone", []string{"ease", "bugs", "mobile"}, []string{"price"}},
		{Software, "Dashboard takes forever to load", []string{"speed", "updates"}, nil},
		{Software, "I wish it had an option to export to Excel", []string{"features", "integrations"}, nil},
		{Software, "Too expensive per seat since the price increase", []string{"price"}, nil},
		{Software, "They charged me after I cancelled the trial", []string{"billing"}, nil},
		{Software, "Support got back to me within the hour", []string{"support"}, nil},
		{Software, "Setup was painless and the docs are good", []string{"onboarding"}, nil},
		{Software, "Got locked out because the verification code never came", []string{"security"}, nil},
		{Software, "The new version is worse than the old version", []string{"updates"}, nil},
		{Software, "Webhooks and the API just work", []string{"integrations"}, nil},
		{Software, "I plan to stay", nil, []string{"billing"}},
		{Software, "界面直观，很容易上手", []string{"ease"}, nil},
		{Software, "加载太慢，经常卡死", []string{"speed"}, nil},
		{Software, "导出报表就崩溃，数据丢失了", []string{"bugs", "integrations", "updates"}, nil},
		{Software, "希望支持和飞书打通", []string{"features", "integrations"}, nil},
		{Software, "续费比去年贵了一倍，开票也慢", []string{"billing"}, nil},
		{Software, "提了工单三天没人回复", []string{"support"}, nil},
		{Software, "文档写得清楚，部署很快", []string{"onboarding"}, nil},
		{Software, "登不上，验证码收不到", []string{"security"}, nil},
		{Software, "安卓手机上经常收不到推送", []string{"mobile"}, nil},

		{Support, "I waited an hour on hold", []string{"waiting"}, []string{"friendliness"}},
		{Support, "Still not resolved after three calls", []string{"resolution"}, nil},
		{Support, "She knew what she was talking about", []string{"knowledge"}, nil},
		{Support, "So friendly and patient", []string{"friendliness"}, nil},
		{Support, "It was kind of slow", []string{"waiting"}, []string{"friendliness"}},
		{Support, "Explained everything step by step", []string{"clarity"}, nil},
		{Support, "Nobody called back although it was promised", []string{"follow_up"}, nil},
		{Support, "I was passed around and had to repeat myself", []string{"handoffs"}, nil},
		{Support, "Impossible to reach anyone at the weekend", []string{"reach"}, nil},
		{Support, "The chatbot goes round in circles", []string{"self_service"}, nil},
		{Support, "Too much paperwork, such a hassle", []string{"process"}, nil},
		{Support, "Got my money back at once", []string{"compensation"}, nil},
		{Support, "It was a great experience", nil, []string{"knowledge"}},
		{Support, "Your opening hours are odd", []string{"reach"}, []string{"waiting"}},
		{Support, "Have a nice weekend", nil, []string{"reach"}},
		{Support, "说好回电，结果没人联系", []string{"follow_up"}, []string{"resolution"}},
		{Support, "人工智能答不上来", []string{"self_service"}, []string{"reach"}},
		{Support, "可以理解，态度也好", []string{"friendliness"}, []string{"knowledge"}},
		{Support, "排队等了半天", []string{"waiting"}, nil},
		{Support, "问题一次就解决了", []string{"resolution"}, nil},
		{Support, "客服一问三不知，答非所问", []string{"knowledge"}, nil},
		{Support, "态度很好，特别耐心", []string{"friendliness"}, nil},
		{Support, "解释得很清楚", []string{"clarity"}, nil},
		{Support, "说好回电，结果石沉大海", []string{"follow_up"}, nil},
		{Support, "几个部门互相推诿，踢皮球", []string{"handoffs"}, nil},
		{Support, "热线一直占线，转不了人工", []string{"reach"}, nil},
		{Support, "智能客服陷入死循环", []string{"self_service"}, nil},
		{Support, "流程太繁琐，材料要传三遍", []string{"process"}, nil},
		{Support, "退款很快就到了", []string{"compensation"}, nil},
	} {
		t.Run(string(c.kind)+": "+c.text, func(t *testing.T) {
			t.Parallel()
			got := matchers[c.kind].Match(c.text, LanguageOf(c.text, "en"))
			for _, want := range c.want {
				if !slices.Contains(got, want) {
					t.Errorf("%s is not in %v", want, got)
				}
			}
			for _, none := range c.none {
				if slices.Contains(got, none) {
					t.Errorf("%s is in %v", none, got)
				}
			}
		})
	}
}

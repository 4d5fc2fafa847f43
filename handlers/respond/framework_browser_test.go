//go:build !race

package respond_test

import (
	"embed"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// frameworks are React 18.3.1 and Vue 3.5.13 as their packages have them.
//
//go:embed testdata/frameworks
var frameworks embed.FS

// framed has the shop serve the frameworks and a script of its own.
func (s *shop) framed(script string) {
	s.Helper()
	for _, name := range []string{"react.js", "react-dom.js", "vue.js"} {
		text, err := frameworks.ReadFile("testdata/frameworks/" + name)
		s.must(err)
		s.serves["/"+name] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write(text)
		}
	}
	script = strings.ReplaceAll(script, "KEY", s.survey.PublicID(s.b.workspace.Key))
	s.serves["/app.js"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprint(w, script)
	}
}

// TestEmbedInFrameworks: an app renders the element, hears its events, navigates away and
// back, and renders it anew, as its framework does such things.
func TestEmbedInFrameworks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ scripts, app string }{
		"React": {`<script src="/react.js"></script><script src="/react-dom.js"></script>`, `
const e = React.createElement;
function Survey({order}) {
	const ref = React.useRef(null);
	React.useEffect(() => {
		const hear = (event) => told.push("own " + event.detail.score);
		const element = ref.current;
		element.addEventListener("hark:answered", hear);
		return () => element.removeEventListener("hark:answered", hear);
	}, []);
	return e("hark-survey", {ref, survey: "KEY", "field-order": order});
}
function App() {
	const [page, go] = React.useState("feedback");
	React.useEffect(() => { window.go = (to) => { history.pushState(null, "", "/" + to); go(to); }; }, []);
	return e("main", null, e("h2", null, page), page === "home" ? null : e(Survey, {order: page}));
}
ReactDOM.createRoot(document.querySelector("#app")).render(e(React.StrictMode, null, e(App)));`},
		"Vue": {`<script src="/vue.js"></script>`, `
const page = Vue.ref("feedback");
window.go = (to) => { history.pushState(null, "", "/" + to); page.value = to; };
const app = Vue.createApp({render: () => Vue.h("main", [Vue.h("h2", page.value), page.value === "home" ? null :
	Vue.h("hark-survey", {survey: "KEY", "field-order": page.value, "onHark:answered": (event) => told.push("own " + event.detail.score)})])});
app.config.compilerOptions = {isCustomElement: (tag) => tag.startsWith("hark-")};
app.mount("#app");`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, `<div id="app"></div>`+c.scripts+`<script src="/app.js"></script>`)
			s.b.edit(s.survey, func(survey *surveys.Survey) { survey.Fields = []string{"order"} })
			s.framed(c.app)
			s.enter()
			s.tells("shown")
			s.click("input[name=score][value='9']")
			s.tells("shown, own 9, answered 9")
			s.must(s.do(js(`go("home")`)))
			s.waitFor("no survey", `!document.querySelector("hark-survey")`)
			s.must(s.do(js(`go("cart")`)))
			s.waitFor("the survey again", `told.filter((type) => type === "shown").length === 2 && document.querySelector("hark-survey").shadowRoot.querySelector("iframe") !== null`)
			s.asks()
			s.click("input[name=score][value='4']")
			s.waitFor("the other answer", `told.includes("answered 4")`)
			if list := s.b.answers(s.survey); len(list) != 1 || list[0].Score != 4 || list[0].Fields["order"] != "feedback" {
				t.Errorf("stored %+v, want one answer of the day's visit", list)
			}
		})
	}
}

// TestSeveralOnOnePage: two surveys in a page and one in its corner, each with its own
// answer and events.
func TestSeveralOnOnePage(t *testing.T) {
	t.Parallel()
	s := newShop(t, `<hark-survey id="one" survey="KEY"></hark-survey><hark-survey id="two" survey="OTHER"></hark-survey><hark-survey id="corner" survey="THIRD" mode="popover"></hark-survey>`)
	keys := map[string]string{"one": s.survey.PublicID(s.b.workspace.Key)}
	for _, name := range []string{"THIRD", "OTHER"} {
		other, _ := s.b.asking(surveys.CSAT, surveys.StyleNumbers)
		keys["two"] = other.PublicID(s.b.workspace.Key) // in the end OTHER's
		s.b.edit(other, func(survey *surveys.Survey) { survey.Origins = []string{s.own} })
		s.body = strings.Replace(s.body, name, other.PublicID(s.b.workspace.Key), 1)
	}
	s.enter()
	s.waitFor("all three", `told.length === 3 && told.every((type) => type === "shown")`)
	s.waitFor("each as high as what it asks", `[...document.querySelectorAll("hark-survey")].every((e) => parseInt(e.shadowRoot.querySelector("iframe").style.blockSize) > 150)`)
	s.must(s.do(js(`window.heard = []; for (const e of document.querySelectorAll("hark-survey")) e.addEventListener("hark:closed", () => heard.push(e.id));
document.querySelector("#corner").close()`)))
	s.waitFor("only the corner's", `heard.join() === "corner" && ["one", "two"].every((id) => document.getElementById(id).shadowRoot.querySelector("iframe") !== null)`)
	for id, key := range keys {
		s.clickWithin(s.withinOf(key), "#"+id, "input[name=score][value='5']")
	}
	s.waitFor("both answers", `told.filter((type) => type === "answered 5").length === 2`)
}

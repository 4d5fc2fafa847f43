package office

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press sends a key to whatever has the focus.
func (b *tab) press(keys string) { b.do(chromedp.KeyEvent(keys)) }

// runs lets the page do something.
func (b *tab) runs(script string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("(() => {"+script+"; return true })()")); err != nil {
		b.t.Fatal(err)
	}
}

// focused lets the page believe that its window is the one in front.
func focused(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return err
}

// TestChartIsWalked goes through the charts of a report as people do: with the
// keyboard, with a pointer, and with neither.
func TestChartIsWalked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	b := x.open("en")
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Func(focused))
	b.visit(path + "?by=plan")
	const reader, card = `document.querySelector(".trend .reader")`, `document.querySelector(".trend .tip")`
	b.eventually(`!` + reader + `.hidden && ` + card + `.hidden`)

	const row = `document.querySelector("#trend table[data-points] tbody").rows[%s]`
	last := fmt.Sprintf(row, reader+".max")
	b.do(chromedp.Focus(chromedp.CSS(".trend .reader")))
	b.eventually(`!` + card + `.hidden && ` + card + `.textContent.includes(` + last + `.cells[0].textContent.trim())`)
	b.press(kb.ArrowLeft)
	previous := fmt.Sprintf(row, reader+".max-1")
	b.eventually(reader + `.getAttribute("aria-valuetext") === ` + previous + `.dataset.says`)
	b.eventually(card + `.querySelector("dd").textContent.trim() === ` + previous + `.cells[1].textContent.trim()`)
	b.press(kb.Home)
	b.eventually(reader + `.getAttribute("aria-valuetext") === ` + fmt.Sprintf(row, "0") + `.dataset.says`)
	b.press(kb.Escape)
	b.eventually(card + `.hidden`)
	b.press(kb.Enter)
	b.eventually(`location.pathname === "/responses" && location.search.includes("from=")`)
}

func TestChartAnswersThePointer(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	b := x.open("zh-Hans")
	b.do(chromedp.EmulateViewport(1280, 2400))
	b.visit(path + "?by=plan")
	b.eventually(`!document.querySelector(".trend .reader").hidden`)
	for selector, chart := range map[string]string{".trend .area": "#trend", "#answers [data-point='9'] rect.bar": "#answers", "#segments [data-point='0'] .at": "#segments"} {
		place, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](`(() => {
			const box = document.querySelector("`+selector+`").getBoundingClientRect();
			return [box.left + box.width - 8, box.top + box.height / 2];
		})()`))
		if err != nil {
			t.Fatal(err)
		}
		b.do(chromedp.MouseEvent("mouseMoved", place[0], place[1]))
		tip := `document.querySelector("` + chart + ` .tip")`
		b.eventually(`!` + tip + `.hidden`)
		b.eventually(`[...document.querySelectorAll("` + chart + ` table[data-points] tbody tr")].some((row) =>
			row.cells[0].textContent.trim() === ` + tip + `.querySelector("b").textContent &&
			[...` + tip + `.querySelectorAll("dd")].every((value) => [...row.cells].some((cell) => cell.textContent.trim() === value.textContent.trim())))`)
		b.eventually(`(() => { const box = ` + tip + `.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth })()`)
		b.press(kb.Escape)
		b.eventually(tip + `.hidden`)
	}
	// A bar has its numbers on the keyboard too.
	b.do(chromedp.Focus(chromedp.CSS("#answers a[data-point='10']")))
	b.eventually(`document.querySelector("#answers .tip b").textContent === "10 分"`)
}

// TestChartIsSavedAsPNG reads what the browser would save.
func TestChartIsSavedAsPNG(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	b := x.open("en")
	b.visit(path + "?by=plan")
	b.eventually(`!document.querySelector("#trend button[data-png]").hidden`)
	for _, chart := range []string{"trend", "answers", "segments"} {
		b.runs(`window.saved = null; URL.createObjectURL = (blob) => { window.saved = blob; return "#saved" };
			HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download };
			document.querySelector("#` + chart + ` button[data-png]").click()`)
		b.eventually(`window.saved?.type === "image/png" && window.savedAs.endsWith(".png")`)
		b.runs(`window.read = null; window.saved.arrayBuffer().then((bytes) => { window.read = new DataView(bytes) })`)
		b.eventually(`window.read?.getUint32(0) === 0x89504e47`)                                          // a PNG
		b.eventually(`window.read.getUint32(16) === 2400 && window.read.getUint32(20) > 500`)             // twice as large
		b.eventually(`window.savedAs.includes("-` + chart + `-") && !window.savedAs.includes("/")`)       // by name
		b.eventually(`createImageBitmap(window.saved).then((map) => { window.map = map }) && window.map`) // with something drawn
		b.eventually(`(() => {
			const canvas = document.createElement("canvas"), paper = canvas.getContext("2d");
			canvas.width = window.map.width; canvas.height = window.map.height;
			paper.drawImage(window.map, 0, 0);
			const dots = new Uint32Array(paper.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
			return new Set(dots).size > 20 && dots[0] === 0xffffffff;
		})()`)
	}
}

func TestChartsWithoutScript(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	b := x.open("en")
	b.do(chromedp.Func(withoutScript))
	b.visit(path + "?by=plan")
	b.eventually(`document.querySelector("#trend svg[role=img]") && document.querySelector("#trend .reader").hidden`)
	b.eventually(`document.querySelector("#trend button[data-png]").hidden && !document.querySelector(".tip")`)
	b.do(chromedp.Click(chromedp.CSS("#trend .why")))
	b.eventually(`document.querySelector("#trend .method").matches(":popover-open")`)
}

// TestEveryChartIsWalked goes through each chart of each page by keyboard: it has a
// name and a role, each step says what the table says, and the card shows it.
func TestEveryChartIsWalked(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := x.told()
	x.shop(240)
	b := x.open("en")
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Func(focused))
	for path, least := range map[string]int{"/surveys/" + survey.ID + "?by=plan": 4, "/scores": 1, "/loyalty": 6} {
		b.visit(path)
		b.eventually(`document.querySelector("[data-chart] .reader:not([hidden])")`)
		b.runs(`window.charts = [...document.querySelectorAll("[data-chart]")].filter((chart) => chart.querySelector(".reader"))`)
		b.eventually(fmt.Sprintf(`charts.length >= %d`, least))
		count, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("charts.length"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range count {
			b.runs(fmt.Sprintf(`window.chart = charts[%d]; window.reader = chart.querySelector(".reader"); window.tip = chart.querySelector(".tip");
				const table = chart.dataset.chart ? document.getElementById(chart.dataset.chart) : chart.querySelector("table[data-points]");
				window.rows = [...table.tBodies[0].rows].filter((row) => !chart.dataset.of || row.dataset.of === chart.dataset.of);
				reader.focus()`, i))
			b.eventually(`reader.ariaLabel && reader.getAttribute("aria-valuetext").length > 5 && Number(reader.max) === rows.length - 1`)
			b.eventually(`rows.every((row) => row.dataset.says && !/NaN|components\.|\{/.test(row.dataset.says))`)
			b.press(kb.Home)
			b.press(kb.ArrowRight)
			b.eventually(`(() => { const row = rows[Math.min(1, rows.length - 1)];
				return reader.getAttribute("aria-valuetext") === row.dataset.says && !tip.hidden && tip.querySelector("b").textContent === row.cells[0].textContent.trim() })()`)
			b.eventually(`(() => { const box = tip.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth && box.width > 40 })()`)
			b.press(kb.Escape)
			b.eventually(`tip.hidden`)
		}
	}
}

// TestDriversAndCurvesAnswerThePointer finds the numbers under a point of the map, a
// cell of the cohorts, and a place in the curves.
func TestDriversAndCurvesAnswerThePointer(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := x.told()
	x.shop(240)
	b := x.open("zh-Hans")
	b.do(chromedp.EmulateViewport(1280, 5000))
	for _, c := range []struct{ path, selector, chart string }{
		{"/surveys/" + survey.ID, "#drivers circle.place", "#drivers"}, {"/surveys/" + survey.ID, "#asked .funnel li", "#asked"}, {"/surveys/" + survey.ID, "#said li", "#said"},
		{"/surveys/" + survey.ID + "/themes", ".themes summary[data-point]", ".themes"},
		{"/loyalty", "#cohorts td[data-point]", "#cohorts"}, {"/loyalty", "#stay .area", "#stay"}, {"/loyalty", "#rate-retention .spark", "#rate-retention"}, {"/scores", ".spark", ".spark-chart"},
	} {
		b.visit(c.path)
		b.eventually(`document.querySelector("` + c.chart + ` .tip")`)
		place, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]float64](`(() => {
			const box = document.querySelector("`+c.selector+`").getBoundingClientRect();
			return [box.left + box.width / 2, box.top + box.height / 2];
		})()`))
		if err != nil {
			t.Fatal(err)
		}
		b.do(chromedp.MouseEvent("mouseMoved", place[0], place[1]))
		b.eventually(`[...document.querySelectorAll("` + c.chart + ` .tip")].some(tip => !tip.hidden && tip.querySelector("dd"))`)
	}
}

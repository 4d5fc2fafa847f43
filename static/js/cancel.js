// The steps of a cancellation flow where scripts run: they follow each other without a
// reload, and a server that does not answer keeps nobody from cancelling.
(function () {
  "use strict";
  var PATIENCE = 5000; // with a request that is not answered, in milliseconds
  var KEPT_ALIVE = 6e4; // bytes of a request that may outlive its page: browsers refuse over 64 KiB
  var main = document.querySelector("main");

  // tell has the page around hear what was chosen; see frame.js.
  function tell() {
    var end = main.querySelector("[data-choice]");
    if (end) dispatchEvent(new CustomEvent("hark:choice", { detail: Object.assign({}, end.dataset) }));
  }

  function show(html) {
    // Without its style, which is another answer's and against this page's policy.
    var fresh = new DOMParser().parseFromString(html.replace(/<style[^]*?<\/style>/g, ""), "text/html").querySelector("main");
    if (!fresh) throw new Error("somebody between here and Hark has answered");
    main.replaceChildren.apply(main, Array.from(fresh.childNodes));
    var first = main.querySelector(".wrong, h1");
    if (first) first.focus();
    scrollTo(0, 0);
    tell();
    var end = main.querySelector("[data-go]");
    if (end && end.dataset.go) location.assign(end.dataset.go);
  }

  // leave goes on without the server: the page around does, or the address that it came with.
  function leave(back) {
    dispatchEvent(new CustomEvent("hark:choice", { detail: { choice: "left" } }));
    if (back) top.location.href = back;
  }

  addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter, body = new URLSearchParams(new FormData(form)), outlives = String(body).length < KEPT_ALIVE;
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true" && (!button || button.value !== "now")) return;
    if (button) body.set("go", button.value);
    body.set("by-script", "1");
    form.setAttribute("aria-busy", "true");
    form.querySelector("[role=status]").textContent = "";
    var stop = new AbortController(), late = setTimeout(function () { stop.abort(); }, PATIENCE);
    fetch(form.action, { method: "POST", body: body, keepalive: outlives, signal: stop.signal }).then(function (answer) {
      if (answer.status !== 422 && !answer.ok) throw answer;
      return answer.text();
    }).then(show).catch(function () {
      if (button && button.value === "now") leave(form.dataset.back);
      form.removeAttribute("aria-busy");
      form.querySelector("[role=status]").textContent = form.dataset.trouble;
    }).then(function () { clearTimeout(late); });
  });
  tell();
})();

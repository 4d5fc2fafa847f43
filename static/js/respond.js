// The survey's page where scripts run: what is chosen and written is saved at once,
// what an answer brings up is asked without a reload, and what cannot be sent is kept
// on the device until it can. Nothing needs it: the form is an ordinary one.
(function () {
  "use strict";
  var DAY = 864e5; // how long an answer is kept on the device: as long as the cookie that knows it
  var main = document.querySelector("main");
  var form; // null on a page that asks nothing
  var began; // when it came, on the browser's clock
  var touched = false; // somebody is here: a script's own events are not trusted, and neither is scrolling
  var saving, retrying; // timers; null when nothing waits
  var busy, waiting; // whether a request is on its way, and which kind comes next
  var pause = 1000; // until the next attempt, in milliseconds

  function body(kind) {
    var values = new URLSearchParams(new FormData(form));
    values.set(kind, "1");
    return values.toString();
  }

  function shelf() { return "hark" + new URL(form.action).pathname; }

  function keep(text) {
    try { localStorage.setItem(shelf(), Date.now() + " " + text); } catch (full) { /* then it is not kept */ }
  }

  function kept() {
    try {
      var parts = (localStorage.getItem(shelf()) || "").split(" ");
      return Date.now() - parts[0] < DAY ? parts[1] : "";
    } catch (denied) { return ""; }
  }

  function drop() {
    try { localStorage.removeItem(shelf()); } catch (denied) { /* nothing was kept */ }
  }

  function say(text) {
    var status = main.querySelector("[role=status]");
    if (status) status.textContent = text;
  }

  // ready reports whether there is somebody who has something to send.
  function ready() {
    return form && touched && form.querySelector("input[name=score]:checked, input[name=score][type=hidden]");
  }

  // send has one request on its way at a time, so that the latest answer is stored last.
  // The kinds are "save" for what was done so far and "send" for the button.
  function send(kind) {
    saving = retrying = clearTimeout(saving) || clearTimeout(retrying) || null;
    if (busy) {
      waiting = waiting === "send" ? waiting : kind;
      return;
    }
    busy = true;
    form.setAttribute("aria-busy", kind === "send");
    var text = body(kind);
    keep(text);
    post(text).then(function (answer) {
      pause = 1000;
      return kind === "send" ? show(answer) : saved(answer, text);
    }).catch(function () {
      say(form.dataset.kept);
      pause = Math.min(2 * pause, 6e4);
      retrying = setTimeout(send, pause, kind);
    }).then(function () {
      var next = waiting;
      busy = waiting = null;
      if (form) form.removeAttribute("aria-busy");
      if (form && next) send(next);
    });
  }

  // post fails when the answer may not have been stored.
  function post(text) {
    return fetch(form.action, {
      method: "POST", body: text, keepalive: text.length < 6e4,
      headers: { "Content-Type": "application/x-www-form-urlencoded" }
    }).then(function (answer) {
      if (answer.status === 429 || answer.status >= 500) throw answer;
      return answer;
    });
  }

  // saved puts in what the answer brings up. What was refused waits for the button,
  // which says why.
  function saved(answer, text) {
    if (!answer.ok) return;
    return answer.text().then(function (html) {
      if (body("save") === text) drop();
      ask(new DOMParser().parseFromString(html, "text/html").querySelector(".asked"));
      say(form.dataset.saved);
    });
  }

  // ask lays the questions that are to be asked over those that are: what stays is not
  // touched, and what somebody has written stays though its question reads otherwise.
  function ask(fresh) {
    var asked = form.querySelector(".asked"), at = asked.firstElementChild;
    Array.from(fresh.children).forEach(function (next) {
      var now = asked.querySelector("#" + CSS.escape(next.id));
      if (now && words(now) === words(next)) {
        while (at !== now) at = cut(at);
        if (now.value !== undefined) now.value = next.value;
        at = now.nextElementSibling;
        return;
      }
      if (now) carry(now, next);
      asked.insertBefore(next, at);
    });
    while (at) at = cut(at);
  }

  function cut(element) {
    var next = element.nextElementSibling;
    element.remove();
    return next;
  }

  function words(field) {
    var title = field.querySelector("legend, label");
    return title ? title.textContent : "";
  }

  function carry(from, to) {
    var old = from.querySelector("textarea"), text = to.querySelector("textarea");
    if (old && text) text.value = old.value;
  }

  // show puts the page that follows in the place of this one.
  function show(answer) {
    return answer.text().then(function (html) {
      var page = new DOMParser().parseFromString(html, "text/html"), fresh = page.querySelector("main");
      if (!fresh) throw answer;
      drop();
      document.title = page.title;
      main.replaceChildren.apply(main, Array.from(fresh.childNodes));
      if (answer.redirected) history.pushState(null, "", answer.url);
      start();
      var first = main.querySelector(".wrong, h1");
      if (first) {
        first.tabIndex = -1;
        first.focus();
      }
      scrollTo(0, 0);
    });
  }

  function start() {
    form = main.querySelector("form[data-kept]");
    began = performance.now();
    if (form && touched && form.elements.act) form.elements.act.value = "trusted";
  }

  // resume sends what an earlier visit could not, and shows what became of it. Words
  // without a score, which no server takes, come back into their fields.
  function resume() {
    var text = kept();
    if (!text) return;
    var values = new URLSearchParams(text);
    if (values.has("score")) {
      post(text).then(function (answer) {
        drop();
        return values.has("send") ? show(answer) : location.reload();
      }).catch(function () { say(form.dataset.kept); });
      return;
    }
    form.querySelectorAll("textarea, input[type=email]").forEach(function (field) {
      field.value = field.value || values.get(field.name) || "";
    });
  }

  // soon saves when nothing was done for so many milliseconds. A page is answered no
  // sooner than a second after it came, see surveys.Seal.
  function soon(rest) {
    keep(body("save"));
    clearTimeout(saving);
    if (ready()) saving = setTimeout(send, Math.max(rest, began + 1500 - performance.now()), "save");
  }

  // choose chooses what a digit stands for on the scale that has the focus; "1" and
  // "0" within 700 ms are ten.
  var typed = "", typedAt = 0;
  function choose(event) {
    var n = event.key.length === 1 ? "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९".indexOf(event.key) % 10 : -1;
    var group = document.activeElement.closest("fieldset");
    if (n < 0 || !group || event.ctrlKey || event.metaKey || event.altKey) return;
    var choice = function (value) { return group.querySelector(".scale input[value='" + value + "']"); };
    typed = event.timeStamp - typedAt < 700 && choice(typed + n) ? typed + n : "" + n;
    typedAt = event.timeStamp;
    var chosen = choice(typed);
    if (!chosen) return;
    chosen.focus();
    chosen.click();
  }

  // The menu of languages closes when somebody looks elsewhere.
  var menu = document.querySelector("header details");
  if (menu) addEventListener("click", function (event) { if (!menu.contains(event.target)) menu.open = false; });
  if (menu) menu.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.firstElementChild.focus();
  });

  start();
  if (!form) return;
  resume();
  seen();
  // Digits work where the focus is in the question; but on a touch screen it begins there.
  var question = form.querySelector("fieldset");
  if (question && !matchMedia("(pointer: coarse)").matches && document.activeElement === document.body) {
    question.tabIndex = -1;
    question.focus({ preventScroll: true });
  }

  ["pointerdown", "touchstart", "keydown"].forEach(function (type) {
    addEventListener(type, function (event) {
      touched = touched || event.isTrusted;
      if (form && touched && form.elements.act) form.elements.act.value = "trusted";
    }, { capture: true, passive: true });
  });
  addEventListener("keydown", function (event) {
    if (!form) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.elements.send);
    choose(event);
  });
  addEventListener("change", function (event) {
    if (form && /radio|checkbox/.test(event.target.type)) soon(700);
  });
  addEventListener("input", function (event) {
    if (form && !/radio|checkbox/.test(event.target.type)) soon(3000);
  });
  addEventListener("submit", function (event) {
    event.preventDefault();
    send("send");
  });
  addEventListener("online", function () {
    if (retrying && ready()) send(new URLSearchParams(kept()).has("send") ? "send" : "save");
  });
  addEventListener("pagehide", function () {
    if (saving && ready()) send("save");
  });
  addEventListener("popstate", function () { location.reload(); });

  // That a score which the letter's link chose was looked at for three seconds: an
  // answer of somebody who thinks that the choice in the mail was enough.
  function seen() {
    if (!form.dataset.seen || navigator.webdriver) return;
    var address = form.dataset.seen, seal = form.elements.seal.value, shown = 0;
    var clock = setInterval(function () {
      if (document.visibilityState !== "visible" || document.prerendering) return;
      if ((shown += 0.5) < 3) return;
      clearInterval(clock);
      var chosen = main.querySelector("input[name=score]:checked");
      if (!chosen) return;
      fetch(address, {
        method: "POST", keepalive: true, credentials: "omit",
        body: new URLSearchParams({ score: chosen.value, seal: seal })
      }).catch(function () {});
    }, 500);
  }
})();

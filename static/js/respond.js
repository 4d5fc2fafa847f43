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
  var PATIENCE = 3e4; // with a request that is not answered, in milliseconds
  var latest; // what was said last: what the shelf holds, where there is one
  var waited; // since when what was found on the shelf waits; null when somebody has gone on

  function body(kind) {
    var values = new URLSearchParams(new FormData(form));
    values.set(kind, "1");
    if (waited) values.set("ago", Math.ceil((Date.now() - waited) / 1000));
    return values.toString();
  }

  // The device keeps for a day the key that makes all pages of a browser one answer, and
  // what could not be sent, with whether its button was pressed.
  // Within another site's page it is the visitor's own, and the page's key is its address's.
  function shelf() { return "hark" + (form.dataset.shelf || new URL(form.action).pathname); }

  function kept() {
    try {
      var record = JSON.parse(localStorage.getItem(shelf()));
      return record && Date.now() - record.at < DAY ? record : {};
    } catch (denied) { return {}; }
  }

  function shelve(record) {
    record.at = record.at || Date.now();
    record.key = form.elements.form && form.elements.form.value;
    try { localStorage.setItem(shelf(), JSON.stringify(record)); } catch (full) { /* then it is not kept */ }
  }

  // adopt takes the key of another page of this browser, or of this one before a reload.
  function adopt() {
    var key = !form.dataset.shelf && kept().key;
    if (key && form.elements.form) form.elements.form.value = key;
  }

  // keep leaves alone what another page of this browser could not send, until there is an
  // answer here.
  function keep(kind) {
    adopt();
    latest = body(kind);
    if (/(^|&)score=/.test(kept().body) && !ready()) return;
    shelve({ kind: kind, body: latest, at: waited });
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
    keep(kind);
    var text = body(kind);
    post(text, kind).then(function (answer) {
      pause = 1000;
      if (kind === "save") return saved(answer, text);
      if (answer.ok && body(kind) !== text) waiting = kind; // something was changed meanwhile
      else return show(answer);
    }).then(function (more) {
      if (!more || waiting !== "send") return;
      waiting = form && kind === "save" ? "save" : null; // nobody has seen yet what is asked now
      more.focus();
    }).catch(function () {
      say(form.dataset.kept);
      dispatchEvent(new Event("hark:waits"));
      pause = Math.min(2 * pause, 6e4);
      retrying = setTimeout(send, pause, kind);
    }).then(function () {
      var next = waiting;
      busy = waiting = null;
      if (form) form.removeAttribute("aria-busy");
      if (form && next) send(next);
    });
  }

  // post fails when the answer may not have been stored: a save also where the survey
  // takes none now.
  function post(text, kind) {
    var stop = new AbortController(), late = setTimeout(function () { stop.abort(); }, PATIENCE);
    return fetch(form.action, {
      method: "POST", body: text, signal: stop.signal,
      headers: { "Content-Type": "application/x-www-form-urlencoded" }
    }).then(function (answer) {
      clearTimeout(late);
      if (answer.status === 429 || answer.status >= 500 || kind === "save" && !answer.ok && answer.status !== 422) throw answer;
      return answer;
    });
  }

  // saved puts in what the answer brings up, and returns where it begins. What was
  // refused waits for the button, which says why.
  function saved(answer, text) {
    if (!answer.ok) return;
    return answer.text().then(function (html) {
      var fresh = parse(html).querySelector(".asked");
      if (!fresh) throw answer; // somebody between here and Hark has answered
      dispatchEvent(new Event("hark:stored"));
      main.querySelectorAll(".wrong, .error").forEach(function (mended) { mended.remove(); });
      main.querySelectorAll("[aria-invalid]").forEach(function (field) { field.removeAttribute("aria-invalid"); });
      if (body("save") === text) shelve({});
      waited = null;
      var more = ask(fresh);
      say(form.dataset.saved);
      return more && more.querySelector("input, textarea");
    });
  }

  // parse reads a page without its style, which is against this page's policy.
  function parse(html) {
    return new DOMParser().parseFromString(html.replace(/<style[^]*?<\/style>/g, ""), "text/html");
  }

  // ask lays the questions that are to be asked over those that are. What stays is not
  // touched but for its title, so that nobody is thrown out of what they write. It returns
  // the first that is new.
  function ask(fresh) {
    var asked = form.querySelector(".asked"), at = asked.firstElementChild, first = null;
    asked.querySelectorAll(".kept").forEach(function (field) { field.remove(); });
    Array.from(fresh.children).forEach(function (next) {
      var now = asked.querySelector("#" + CSS.escape(next.id));
      if (!now) {
        if (next.tagName !== "INPUT") first = first || next;
        asked.insertBefore(next, at);
        return;
      }
      while (at !== now) at = cut(at);
      if (now.value !== undefined) now.value = next.value;
      else if (title(now).textContent !== title(next).textContent) title(now).replaceWith(title(next));
      at = now.nextElementSibling;
    });
    while (at) at = cut(at);
    return first;
  }

  function cut(element) {
    var next = element.nextElementSibling;
    element.remove();
    return next;
  }

  function title(field) { return field.querySelector("legend, label"); }

  // show puts the page that follows in the place of this one.
  function show(answer) {
    return answer.text().then(function (html) {
      var page = parse(html), fresh = page.querySelector("main");
      if (!fresh) throw answer;
      if (answer.ok) shelve({});
      waited = null;
      if (answer.ok) dispatchEvent(new Event("hark:stored"));
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
      return first;
    });
  }

  function start() {
    form = main.querySelector("form[data-kept]");
    began = performance.now();
    if (form && touched && form.elements.act) form.elements.act.value = "trusted";
    if (form) adopt();
  }

  // resume puts into the form what an earlier visit could not send, and sends it. What
  // is not asked here yet goes along unseen until the server asks it. What answered
  // another version of the question is sent as it is.
  function resume() {
    var record = kept();
    if (!record.body) return;
    var said = new URLSearchParams(record.body), chose = new URLSearchParams(location.search).has("score");
    waited = record.at;
    latest = record.body;
    if (said.get("version") !== form.elements.version.value) return forward(said);
    said.forEach(function (value, name) {
      var fields = form.querySelectorAll("[name='" + CSS.escape(name) + "']");
      if (!fields.length && name.indexOf("a.") === 0) {
        var field = Object.assign(document.createElement("input"), { type: "hidden", className: "kept", name: name, value: value });
        form.querySelector(".asked").append(field);
      }
      fields.forEach(function (field) {
        if (/radio|checkbox/.test(field.type)) field.checked = name === "score" && chose ? field.checked : said.getAll(name).indexOf(field.value) >= 0;
        else if (field.type !== "hidden" || name === "asked" || name === "act") field.value = value;
      });
    });
    (said.get("asked") || "").split(",").forEach(function (id) {
      if (!said.has("a." + id)) form.querySelectorAll("[name='a." + CSS.escape(id) + "']:checked").forEach(function (box) { box.checked = false; });
    });
    if (said.has("score")) retrying = setTimeout(send, rest(0), record.kind);
  }

  // forward sends what was kept without the form, and opens the page anew when it is stored.
  function forward(said) {
    if (form.elements.form) said.set("form", form.elements.form.value);
    said.set("ago", Math.ceil((Date.now() - waited) / 1000));
    post(said.toString(), "save").then(function (answer) {
      shelve({});
      if (answer.ok && !touched) location.reload();
    }).catch(function () {
      say(form.dataset.kept);
      pause = Math.min(2 * pause, 6e4);
      if (waited) setTimeout(forward, pause, said);
    });
  }

  // rest is how long to wait, at least until a page may be answered: no sooner than a
  // second after it came, see surveys.Seal.
  function rest(least) { return Math.max(least, began + 1500 - performance.now()); }

  // soon saves when nothing was done for so many milliseconds.
  function soon(idle) {
    waited = null;
    keep("save");
    clearTimeout(saving);
    if (ready()) saving = setTimeout(send, rest(idle), "save");
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
  // Digits work where the focus is in the question; but on a touch screen it begins there,
  // and a page around this one keeps its own.
  var question = form.querySelector("fieldset");
  if (question && parent === window && !matchMedia("(pointer: coarse)").matches && document.activeElement === document.body) {
    question.tabIndex = -1;
    question.focus({ preventScroll: true });
  }

  ["pointerdown", "touchstart", "keydown", "click"].forEach(function (type) {
    addEventListener(type, function (event) {
      touched = touched || event.isTrusted;
      if (form && touched && form.elements.act) form.elements.act.value = "trusted";
    }, { capture: true, passive: true });
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
    if (retrying) send(kept().kind || "save");
  });
  addEventListener("pagehide", function () {
    // What is on its way ends with the page, so that it overtakes nothing later: the
    // latest goes instead.
    if (form && (saving || retrying || busy)) navigator.sendBeacon(form.action, new URLSearchParams(latest));
  });
  addEventListener("popstate", function () { location.reload(); });

  // That a score which the letter's link chose was looked at for three seconds: an
  // answer of somebody who thinks that the choice in the mail was enough.
  function seen() {
    if (!form.dataset.seen || navigator.webdriver) return;
    var address = form.dataset.seen, seal = form.elements.seal.value, shown = 0;
    var clock = setInterval(function () {
      if (touched) return clearInterval(clock); // then what they do is sent
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

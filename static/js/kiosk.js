// The kiosk's page where scripts run: one person after another, with the line up or
// down. What is asked is decided here by the rules that the page carries, and answers
// wait in a queue on the device until the server has them. The page is never left: what
// comes from the server is put in its place, so that it stays full screen.
(function () {
  "use strict";
  var part = function (id) { return document.getElementById(id); };
  var form, ask, thanks, idle; // of the page, once more in each that is put in; see meet
  var closed = false, abroad = false; // whether it asks nothing now; speaks a language that somebody chose
  meet();
  var HOME = form.dataset.home, QUEUE = "hark" + new URL(form.action).pathname, SCRIPTS = scripts(document);
  var spare = null; // the queue, while the device has no room for it
  var key; // of the answer that the form is
  var quiet, leave, back, again, later; // timers
  var busy = false, pause = 1000; // whether an answer is on its way; until the next attempt, in milliseconds
  var looks = 0; // at the server's pages: the last one counts

  // The queue: answers with the key that makes each one answer, where it goes, when it
  // was given, whether somebody is still at it, and whether the server has refused it.
  function load() {
    if (spare) return spare;
    try { return JSON.parse(localStorage.getItem(QUEUE)) || []; } catch (denied) { return []; }
  }

  function store(list) {
    try {
      localStorage.setItem(QUEUE, JSON.stringify(list));
      spare = null;
    } catch (full) { spare = list; } // while the page is open
    count();
  }

  function count() {
    var waiting = part("waiting"), n = load().filter(function (answer) { return !answer.open; }).length;
    if (!waiting) return;
    waiting.hidden = n === 0;
    waiting.textContent = waiting.dataset.text.replace("{n}", n);
  }

  function others(mine) {
    return load().filter(function (answer) { return answer.key !== mine; });
  }

  function put(open) {
    var values = new URLSearchParams(new FormData(form)), mail = address();
    if (mail && !mail.validity.valid) values.delete(mail.name); // the server would refuse the rest with it
    values.set("form", key);
    values.set("save", "1");
    store(others(key).concat({ key: key, to: form.action, at: Date.now(), body: values.toString(), open: open }));
  }

  // send empties the queue, the oldest first. What fails goes to its end and is tried
  // again, closed surveys included; what the server cannot read, when the page is
  // opened again. Only the server's own word takes an answer away.
  function send() {
    var first = load().find(function (answer) { return !answer.open && !answer.refused; });
    clearTimeout(again);
    if (busy || !first) return;
    busy = true;
    var ago = Math.max(0, Math.round((Date.now() - first.at) / 1000));
    fetch(first.to, {
      method: "POST", credentials: "omit", body: first.body + "&ago=" + ago, signal: AbortSignal.timeout && AbortSignal.timeout(6e4),
      headers: { "Content-Type": "application/x-www-form-urlencoded" }
    }).then(function (answer) {
      first.refused = [400, 413, 422].indexOf(answer.status) >= 0;
      store(answer.status === 204 ? others(first.key) : others(first.key).concat(first));
      if (answer.status !== 204 && !first.refused) throw answer;
      pause = 1000;
      busy = false;
      send();
    }).catch(function () {
      busy = false;
      pause = Math.min(2 * pause, 3e5);
      again = setTimeout(send, pause);
    });
  }

  function chosen(name) {
    return Array.from(form.querySelectorAll("input[name='" + name + "']:checked"), function (input) { return input.value; });
  }

  function score() { return chosen("score")[0]; }

  function address() { return form.querySelector("[type=email]:enabled"); }

  function has(list, values) {
    return values.some(function (value) { return list.split(" ").indexOf(value) >= 0; });
  }

  // shown follows surveys.Survey.Visible.
  function shown(rule) {
    var d = rule.dataset;
    if (d.scores !== undefined && !has(d.scores, [score() || "-1"])) return false; // surveys.Unscored
    if (!d.after) return true;
    var before = form.querySelector("[data-id='" + d.after + "']");
    return !!before && shown(before) && has(d.values, chosen("a." + d.after));
  }

  // lay shows what is to be asked. What somebody wrote stays when its question reads
  // otherwise.
  function lay() {
    var words = "", names = [];
    form.querySelectorAll("textarea[name=comment]:enabled").forEach(function (field) { words = words || field.value; });
    form.querySelectorAll("[data-id]").forEach(function (rule) {
      rule.hidden = !shown(rule);
      if (!rule.hidden) names.push(rule.dataset.id);
      rule.querySelectorAll("input, textarea").forEach(function (field) {
        field.disabled = rule.hidden;
        if (field.name === "comment") field.value = words;
      });
    });
    form.elements.asked.value = names.join(",");
    if (form.querySelector(".error")) judge();
  }

  // judge says what keeps the answer from being taken, and returns the first such field.
  function judge() {
    var mail = address();
    var missing = mark(form.querySelector("fieldset"), !score() && form.dataset.missing);
    return mark(mail && mail.closest(".field"), mail && !mail.validity.valid && form.dataset.address) && !missing ? mail : missing;
  }

  function set(element, name, value) {
    if (value) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }

  // mark says in a question what is wrong with it, or nothing any more.
  function mark(field, wrong) {
    if (!field) return;
    var old = field.querySelector(".error"), ends = field.querySelector(".ends"), control = field.querySelector("[type=email]") || field;
    if (old) old.remove();
    if (wrong) field.querySelector("legend, .picks").after(Object.assign(document.createElement("p"), { className: "error", id: "wrong-" + (control.id || "score"), textContent: wrong }));
    var by = [wrong && field.querySelector(".error"), ends].filter(Boolean).map(function (e) { return e.id; }).join(" ");
    set(control, "aria-describedby", by);
    set(control, "aria-invalid", wrong && "true");
    return wrong ? field.querySelector("[type=email], [type=radio]") : null;
  }

  // fill puts into the form what was said in another.
  function fill(said) {
    form.querySelectorAll("[type=radio], [type=checkbox]").forEach(function (choice) {
      choice.checked = said.getAll(choice.name).indexOf(choice.value) >= 0;
    });
    form.querySelectorAll("textarea, [type=email]").forEach(function (field) { field.value = said.get(field.name) || ""; });
    lay();
  }

  function scripts(page) { return Array.from(page.querySelectorAll("main script"), function (script) { return script.getAttribute("src"); }); }

  // meet takes hold of what the page asks with, unless it asks nothing.
  function meet() {
    closed = !document.querySelector("main form");
    if (closed) return;
    form = document.querySelector("main form");
    ask = part("ask");
    thanks = part("thanks");
    idle = part("idle");
    part("full").hidden = !document.fullscreenEnabled || !!document.fullscreenElement || matchMedia("(display-mode: fullscreen)").matches;
  }

  // look fetches a page of the survey's, or its notice that it asks nothing.
  function look(address) {
    var mine = ++looks;
    return fetch(address, { credentials: "omit" }).then(function (answer) {
      if (!answer.ok && answer.status !== 404 && answer.status !== 410) throw answer;
      return answer.text();
    }).then(function (text) {
      if (mine !== looks) throw text;
      // Its style is this page's, whose policy knows no other.
      return new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/, ""), "text/html");
    });
  }

  // turn puts another page in the place of this one.
  function turn(page) {
    var root = document.documentElement;
    if (page.querySelector("main form") && "" + scripts(page) !== "" + SCRIPTS) return location.replace(HOME); // of another Hark
    document.body.replaceWith(page.body);
    root.lang = page.documentElement.lang;
    root.dir = page.documentElement.dir;
    document.title = page.title;
    meet();
    count();
  }

  // fresh takes up what the survey asks by now, in the language that the kiosk usually
  // speaks, unless somebody has begun meanwhile.
  function fresh() {
    look(HOME).then(function (page) {
      var now = page.querySelector("main form");
      if (now && !closed && now.dataset.edition === form.dataset.edition) return;
      if (!closed && (ask.hidden || touched())) return;
      turn(page);
      abroad = false;
      if (!closed) begin();
    }).catch(function () {}).then(retry);
  }

  // speak asks on in another language, where it is to be had.
  function speak(address) {
    look(address).then(function (page) {
      var said = !closed && !ask.hidden && new FormData(form);
      turn(page);
      abroad = true;
      if (closed) return;
      if (said) fill(said);
      else begin();
      if (score()) put(true);
      document.querySelector("summary, .langs a").focus();
      wake();
    }).catch(function () {}).then(retry);
  }

  // retry looks again before long at a survey that asks nothing now.
  function retry() {
    clearTimeout(later);
    if (closed) later = setTimeout(fresh, +form.dataset.look);
  }

  // begin is the page before anybody has touched it.
  function begin() {
    clearTimeout(back);
    clearTimeout(quiet);
    clearTimeout(leave);
    if (idle.open) idle.close();
    key = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return b.toString(16).padStart(2, "0"); }).join("");
    form.querySelectorAll("[aria-invalid]").forEach(function (control) { mark(control.closest("fieldset, .field")); });
    fill(new FormData());
    document.querySelectorAll("details").forEach(function (menu) { menu.open = false; });
    ask.hidden = false;
    thanks.hidden = true;
    form.querySelector("fieldset").tabIndex = -1;
    form.querySelector("fieldset").focus(); // so that it is read aloud, and keys answer
    scrollTo(0, 0);
  }

  // next makes room for the next person.
  function next() {
    begin();
    fresh();
  }

  // done takes the answer and thanks for it.
  function done() {
    var wrong = judge();
    if (wrong) return wrong.focus();
    put(false);
    send();
    ask.hidden = true;
    thanks.hidden = false;
    var title;
    thanks.querySelectorAll("h1").forEach(function (text) {
      text.hidden = !has(text.dataset.scores, [score()]);
      if (!text.hidden) title = text;
    });
    if (title) title.focus();
    scrollTo(0, 0);
    clearTimeout(quiet);
    stay();
  }

  // stay gives the thank-you its time, and anew to whoever touches it: it may be long.
  function stay() {
    clearTimeout(back);
    back = setTimeout(next, Math.max(+form.dataset.thanks, 60 * thanks.innerText.length));
  }

  function touched() {
    return !!form.querySelector(":checked") || Array.from(form.querySelectorAll("textarea, [type=email]")).some(function (field) { return field.value; });
  }

  // away sends what somebody has chosen who went off, and forgets the rest.
  function away() {
    if (score()) put(false);
    send();
    next();
  }

  // wake begins to wait anew, until it asks whether somebody is there.
  function wake() {
    clearTimeout(quiet);
    if (!thanks.hidden) stay();
    if (closed || ask.hidden || idle.open || !(abroad || touched())) return;
    quiet = setTimeout(function () {
      idle.showModal();
      leave = setTimeout(away, +form.dataset.answer);
    }, +form.dataset.idle);
  }

  var deeds = {
    stay: function () { idle.close(); },
    idle: function () { idle.close(); }, // beside its words
    leave: away,
    again: next,
    full: function () { document.documentElement.requestFullscreen().catch(function () {}); }
  };
  document.addEventListener("click", function (event) {
    var deed = deeds[event.target.id], link = event.target.closest(".langs a");
    if (deed) deed();
    if (!link) return;
    event.preventDefault();
    speak(link.href);
  });
  document.addEventListener("close", function () {
    clearTimeout(leave);
    wake();
  }, true);
  document.addEventListener("change", function () {
    lay();
    if (score()) put(true);
  }, true);
  document.addEventListener("input", function (event) {
    if (/text|email/.test(event.target.type) && score()) put(true);
  });
  document.addEventListener("submit", function (event) {
    event.preventDefault();
    done();
  });
  ["pointerdown", "keydown", "input", "scroll"].forEach(function (type) {
    addEventListener(type, wake, { capture: true, passive: true });
  });
  addEventListener("online", function () {
    pause = 1000;
    send();
    if (closed) fresh();
  });
  document.addEventListener("fullscreenchange", function () { if (part("full")) part("full").hidden = !!document.fullscreenElement; });

  function stayAwake() {
    if (navigator.wakeLock && document.visibilityState === "visible") navigator.wakeLock.request("screen").catch(function () {});
  }
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  // The page comes back without a line, too, once the worker has seen it.
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(form.dataset.worker).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (ready) {
      ready.active.postMessage([HOME].concat(SCRIPTS));
    }).catch(function () {});
  }

  // Whoever was at it when the page ended last time has gone: what they chose is sent.
  store(load().map(function (answer) { return { key: answer.key, to: answer.to, at: answer.at, body: answer.body, open: false }; }));
  abroad = new URLSearchParams(location.search).has("lang");
  begin();
  wake();
  send();
})();

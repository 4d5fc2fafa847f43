// The kiosk's page where scripts run: one person after another, with the line up or
// down. What is asked is decided here by the rules that the page carries, and answers
// wait in a queue on the device until the server has them.
(function () {
  "use strict";
  var form = document.querySelector("main form");
  var part = function (id) { return document.getElementById(id); };
  var ask = part("ask"), thanks = part("thanks"), idle = part("idle"), waiting = part("waiting"), full = part("full");
  var QUEUE = "hark" + new URL(form.action).pathname;
  var spare = []; // the queue where the device keeps none
  var key; // of the answer that the form is
  var quiet, leave, back, again; // timers
  var busy = false, pause = 1000; // whether an answer is on its way; until the next attempt, in milliseconds

  // The queue: answers with the key that makes each one answer, when it was given, and
  // whether somebody is still at it.
  function load() {
    try { return JSON.parse(localStorage.getItem(QUEUE)) || spare; } catch (denied) { return spare; }
  }

  function store(list) {
    spare = list;
    try { localStorage.setItem(QUEUE, JSON.stringify(list)); } catch (full) { /* then in memory, while the page is open */ }
    var n = list.filter(function (answer) { return !answer.open; }).length;
    waiting.hidden = n === 0;
    waiting.textContent = waiting.dataset.text.replace("{n}", n);
  }

  function others(mine) {
    return load().filter(function (answer) { return answer.key !== mine; });
  }

  function put(open) {
    var values = new URLSearchParams(new FormData(form));
    values.set("form", key);
    values.set("save", "1");
    store(others(key).concat({ key: key, at: Date.now(), body: values.toString(), open: open }));
  }

  // send empties the queue, the oldest first. What the server cannot read it never
  // will: that is dropped. Everything else is tried again, closed surveys included.
  function send() {
    var first = load().find(function (answer) { return !answer.open; });
    clearTimeout(again);
    if (busy || !first) return;
    busy = true;
    var ago = Math.max(0, Math.round((Date.now() - first.at) / 1000));
    fetch(form.action, {
      method: "POST", credentials: "omit", body: first.body + "&ago=" + ago,
      headers: { "Content-Type": "application/x-www-form-urlencoded" }
    }).then(function (answer) {
      if (!answer.ok && [400, 413, 422].indexOf(answer.status) < 0) throw answer;
      pause = 1000;
      store(others(first.key));
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
  }

  function abroad() { return location.pathname + location.search !== form.dataset.home; }

  // next makes room for the next person, in the language that the kiosk usually speaks.
  function next() {
    if (abroad()) location.replace(form.dataset.home);
    else begin();
  }

  // begin is the page before anybody has touched it.
  function begin() {
    clearTimeout(back);
    clearTimeout(quiet);
    clearTimeout(leave);
    if (idle.open) idle.close();
    key = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return b.toString(16).padStart(2, "0"); }).join("");
    form.reset();
    form.querySelectorAll("textarea").forEach(function (field) { field.value = ""; });
    lay();
    ask.hidden = false;
    thanks.hidden = true;
    scrollTo(0, 0);
  }

  // done takes the answer and thanks for it.
  function done() {
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
    back = setTimeout(next, +form.dataset.thanks);
  }

  function dirty() {
    return Array.from(form.querySelectorAll("textarea, input[type=email]")).some(function (field) { return field.value; }) ||
      !!form.querySelector(":checked") || abroad();
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
    if (ask.hidden || idle.open || !dirty()) return;
    quiet = setTimeout(function () {
      idle.showModal();
      leave = setTimeout(away, +form.dataset.answer);
    }, +form.dataset.idle);
  }

  part("stay").addEventListener("click", function () { idle.close(); });
  part("leave").addEventListener("click", away);
  part("again").addEventListener("click", next);
  idle.addEventListener("click", function (event) {
    if (event.target === idle) idle.close(); // beside its words
  });
  idle.addEventListener("close", function () {
    clearTimeout(leave);
    wake();
  });
  form.addEventListener("change", function () {
    lay();
    if (score()) put(true);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    done();
  });
  ["pointerdown", "keydown", "input", "scroll"].forEach(function (type) {
    addEventListener(type, wake, { capture: true, passive: true });
  });
  addEventListener("online", function () {
    pause = 1000;
    send();
  });

  if (document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", function () { document.documentElement.requestFullscreen().catch(function () {}); });
    document.addEventListener("fullscreenchange", function () { full.hidden = !!document.fullscreenElement; });
  }
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
      ready.active.postMessage([form.dataset.home, document.querySelector("main script").src]);
    }).catch(function () {});
  }

  // Whoever was at it when the page ended last time has gone: what they chose is sent.
  store(load().map(function (answer) { return { key: answer.key, at: answer.at, body: answer.body, open: false }; }));
  begin();
  wake();
  send();
})();

// Hark within a page: <hark-survey survey="…"> shows a survey in a frame of its own, and
// <hark-cancel flow="…" selector="…"> asks whoever is about to cancel why.
// It needs nothing of the page, and changes nothing of it but the element itself.
// docs/embedding.md has its attributes, methods and events.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!window.customElements || customElements.get("hark-survey")) return;
  var HOME = script ? new URL(script.src).origin : "";
  var PATIENCE = 10000; // milliseconds until a survey that does not come is given up
  var DAY = 864e5;
  var SHAPES = { inline: 0, popover: 1, "slide-in": 1, modal: 1 };
  var STYLE = ":host{display:block}:host([hidden]){display:none}" +
    "iframe{display:block;inline-size:100%;block-size:0;border:0}" +
    ".box{box-sizing:border-box;padding:0;border:1px solid #8884;background:Canvas;color:CanvasText;overflow:hidden auto;overscroll-behavior:contain}" +
    ".box:not(.on){display:none}" +
    ".popover,.slide-in{position:fixed;z-index:2147483000;inset-block-end:16px;inset-inline-end:16px;inline-size:min(400px,100vw - 32px);max-block-size:calc(100dvh - 32px);border-radius:14px;box-shadow:0 8px 40px #0004}" +
    ".slide-in{inset-block-end:0;inset-inline:0;inline-size:min(640px,100%);max-block-size:85dvh;margin-inline:auto;border-radius:14px 14px 0 0}" +
    "dialog.box{inline-size:min(560px,100vw - 32px);max-block-size:calc(100dvh - 32px);border-radius:14px;box-shadow:0 8px 40px #0004}" +
    "dialog::backdrop{background:#0008}" +
    ".box.on:not(.here){min-block-size:96px}.box.on:not(.here)::after{content:\"\";position:absolute;inset:36px calc(50% - 12px) auto auto;inline-size:24px;block-size:24px;border:3px solid #8886;border-block-start-color:currentColor;border-radius:50%;animation:turn 1s linear infinite}@keyframes turn{to{rotate:1turn}}" +
    ".on:not(.here) .now{display:block;position:absolute;inset:auto 20px 16px;padding:10px;border:1px solid #8888;border-radius:10px;background:none;color:inherit;font:600 16px/1.5 system-ui,sans-serif;cursor:pointer}.now{display:none}.box.on:not(.here):has(.now){min-block-size:168px}" +
    ".shut{position:sticky;inset-block-start:0;float:inline-end;z-index:1;display:grid;place-items:center;inline-size:44px;block-size:44px;margin-block-end:-44px;padding:0;border:0;border-radius:12px;background:none;color:inherit;font:400 24px/1 system-ui,sans-serif;cursor:pointer}" +
    "button:focus-visible{outline:3px solid Highlight;outline-offset:-4px}" +
    "@media (prefers-reduced-motion:no-preference){.box.on{animation:come .2s ease-out}@keyframes come{from{opacity:0;transform:translateY(12px)}}}" +
    "@media print{.box{display:none}}";

  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }

  // What this browser remembers of a survey stays on the page's own site: the text that
  // makes its answers of one day one answer, and when it was asked last.
  function memory(survey) {
    var key = "hark:" + survey, kept = {};
    try { kept = JSON.parse(localStorage.getItem(key)) || {}; } catch (denied) { /* then nothing is */ }
    if (!kept.visit || !(Date.now() - kept.since < DAY)) {
      kept.visit = random();
      kept.since = Date.now();
    }
    if (typeof kept.luck !== "number") kept.luck = 100 * Math.random();
    kept.save = function () {
      try { localStorage.setItem(key, JSON.stringify(kept)); } catch (denied) { /* see above */ }
    };
    return kept;
  }

  class HarkSurvey extends HTMLElement {
    static get observedAttributes() { return ["survey", "mode", "lang"]; }

    connectedCallback() { this.start(); }
    disconnectedCallback() { this.stop(); }
    attributeChangedCallback(name, old, now) {
      if (this.isConnected && old !== now && this.ends) {
        this.stop();
        this.start();
      }
    }

    get key() { return this.getAttribute("survey"); }
    get path() { return "/e/"; }
    get wait() { return PATIENCE; }

    get mode() {
      var mode = this.getAttribute("mode");
      return mode in SHAPES ? mode : "inline";
    }

    number(name, usual) {
      var n = parseFloat(this.getAttribute(name));
      return n >= 0 ? n : usual;
    }

    start() {
      if (!this.key) return;
      this.home = HOME || new URL(this.getAttribute("src") || "", location.href).origin;
      this.ends = [];
      this.kept = memory(this.key);
      if (!this.shadowRoot) this.attachShadow({ mode: "open" });
      this.shadowRoot.replaceChildren(this.dress());
      if (!SHAPES[this.mode]) {
        this.shadowRoot.append(document.createElement("slot"));
        this.box = this.shadowRoot.appendChild(document.createElement("div"));
        this.box.style.colorScheme = this.theme() || "light dark";
        this.load();
        return;
      }
      this.box = this.panel();
      this.shadowRoot.append(this.box);
      this.await();
    }

    stop() {
      (this.ends || []).forEach(function (end) { end(); });
      this.ends = null;
      this.unload();
    }

    // dress is the style: a sheet made by script, which no page's policy forbids.
    dress() {
      var empty = document.createDocumentFragment();
      if (window.CSSStyleSheet && "adoptedStyleSheets" in Document.prototype) {
        var sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        this.shadowRoot.adoptedStyleSheets = [sheet];
        return empty;
      }
      var style = document.createElement("style");
      style.textContent = STYLE;
      return style;
    }

    panel() {
      var modal = this.mode === "modal", box = document.createElement(modal ? "dialog" : "div");
      var shut = box.appendChild(document.createElement("button")), self = this;
      box.className = "box " + this.mode;
      box.style.colorScheme = this.theme() || "light dark";
      if (!modal) box.setAttribute("role", "dialog");
      shut.type = "button";
      shut.className = "shut";
      shut.textContent = "×";
      shut.setAttribute("aria-label", "Close");
      shut.addEventListener("click", function () { self.close(); });
      box.addEventListener("keydown", function (event) {
        if (event.key === "Escape") self.close();
      });
      box.addEventListener("cancel", function (event) {
        event.preventDefault();
        self.close();
      });
      return box;
    }

    // on listens until the element leaves the page.
    on(target, type, deed, how) {
      target.addEventListener(type, deed, how);
      this.ends.push(function () { target.removeEventListener(type, deed, how); });
    }

    // await opens the panel when its time has come.
    await() {
      var self = this, when = this.getAttribute("open") || "now", asked = false;
      var ask = function () {
        if (asked || !self.mayAsk()) return;
        asked = true;
        self.open(false);
      };
      if (when === "now") ask();
      if (when === "delay") {
        var timer = setTimeout(ask, 1000 * this.number("delay", 10));
        this.ends.push(function () { clearTimeout(timer); });
      }
      if (when === "scroll") this.on(window, "scroll", function () {
        var all = document.documentElement.scrollHeight - innerHeight;
        if (all <= 0 || scrollY / all >= self.number("scroll", 50) / 100) ask();
      }, { passive: true });
      if (when === "exit") this.on(document, "mouseout", function (event) {
        if (!event.relatedTarget && event.clientY <= 0) ask();
      });
      if (when === "click") this.on(document, "click", function (event) {
        var hit = event.composedPath()[0], selector = self.getAttribute("selector");
        try {
          if (!selector || !hit.closest || !hit.closest(selector)) return;
        } catch (wrong) { return; }
        event.preventDefault();
        self.link = hit.closest("a[href]");
        self.open();
      });
    }

    // mayAsk reports whether nobody is asked too often: by lot, and not soon again.
    mayAsk() {
      var rest = Math.max(this.kept.closed || 0, this.kept.answered || 0) + DAY * this.number("snooze", 30);
      return this.kept.luck < this.number("sample", 100) && Date.now() >= rest;
    }

    // theme is light or dark as the page is: dark where it says so, or follows a system
    // that is.
    theme() {
      var theme = this.getAttribute("theme"), page = getComputedStyle(this).colorScheme;
      if (theme === "auto") return "";
      if (theme === "light" || theme === "dark") return theme;
      return /dark/.test(page) && (!/light/.test(page) || matchMedia("(prefers-color-scheme: dark)").matches) ? "dark" : "light";
    }

    address(token) {
      var query = new URLSearchParams({ "hark-host": location.origin, "hark-visit": this.kept.visit, "hark-theme": this.theme() });
      if (this.getAttribute("lang")) query.set("lang", this.getAttribute("lang"));
      if (token) query.set("hark-token", token);
      if (SHAPES[this.mode] && !this.byHand) query.set("hark-unasked", "");
      Array.from(this.attributes).forEach(function (attribute) {
        if (attribute.name.indexOf("field-") === 0) query.set(attribute.name.slice(6), attribute.value);
      });
      if (this.dataset.preview) return this.home + this.dataset.preview + "?" + query; // of Hark's own back office
      return this.home + this.path + encodeURIComponent(this.key) + "?" + query;
    }

    // token is what the page's own server says of its visitor: in an attribute, or at an
    // address of its own, which is asked only when it is needed since tokens are soon over.
    token() {
      var address = this.getAttribute("token-url");
      if (!address) return Promise.resolve(this.getAttribute("token"));
      return fetch(new URL(address, location.href), { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      }).then(function (text) {
        if (!/^[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(text)) throw new Error("it is none"); // such as a page to sign in
        return text.trim();
      }).catch(function (wrong) {
        console.warn("Hark: " + address + " has no token: " + wrong);
      });
    }

    // load brings the survey, which nobody sees before it says that it is there.
    load() {
      var self = this, frame = document.createElement("iframe"), nonce = random();
      this.kept.save();
      frame.addEventListener("load", function () {
        if (!self.frame) return;
        var line = new MessageChannel();
        line.port1.onmessage = function (event) {
          var said = event.data;
          if (self.frame === frame && said && said.v === 1 && said.nonce === nonce) self.hear(said);
        };
        frame.contentWindow.postMessage({ v: 1, type: "hello", nonce: nonce }, self.home, [line.port2]);
      });
      frame.title = "Survey";
      this.frame = frame;
      this.patience = setTimeout(function () { self.fail(); }, this.wait);
      this.token().then(function (token) {
        if (self.frame !== frame) return;
        frame.src = self.address(token);
        self.box.append(frame);
      });
    }

    unload() {
      clearTimeout(this.patience);
      if (this.frame) this.frame.remove();
      this.frame = null;
      this.ready = this.isOpen = false;
    }

    fail(reason) {
      if (this.ready) return;
      this.hide();
      this.unload();
      if (!reason) console.warn("Hark: " + this.key + " did not come. Is " + this.home + " up, and is " + location.origin + " among its sites?");
      this.emit("unavailable", { reason: reason || "failed" });
      if (this.link) location.assign(this.link.href); // the click does what it would have done
    }

    hide() {
      if (this.box.close) this.box.close();
      this.box.classList.remove("on", "here");
    }

    hear(said) {
      if (said.type === "ready") this.arrive(said);
      if (said.type === "height" && said.px > 0 && said.px < 20000) this.frame.style.blockSize = Math.round(said.px) + "px";
      if (said.type === "answered" && this.score !== said.score) {
        this.score = said.score;
        this.kept.answered = Date.now();
        this.kept.save();
        this.emit("answered", { score: typeof said.score === "number" ? said.score : null });
      }
      if (said.type === "escape" && SHAPES[this.mode]) this.close();
    }

    arrive(said) {
      clearTimeout(this.patience);
      this.frame.title = String(said.title);
      if (this.ready) return;
      if (said.doubt) console.warn("Hark: the token of this page's visitor is not believed: " + said.doubt);
      if (said.gone && this.leaves(said.gone)) return this.fail(said.gone);
      this.ready = true;
      if (!SHAPES[this.mode]) {
        this.shadowRoot.querySelector("slot").hidden = true;
        this.shadowRoot.querySelector("slot").style.display = "none";
        this.emit("shown");
        return;
      }
      this.box.setAttribute("aria-label", String(said.title));
      this.box.dir = said.dir === "rtl" ? "rtl" : "ltr";
      this.box.querySelector("button").setAttribute("aria-label", String(said.close));
      this.box.classList.add("here");
      if (!this.byHand) this.reveal();
      this.emit("shown");
    }

    // leaves reports whether a survey that asks nothing is not even shown.
    leaves(gone) { return !this.byHand && (SHAPES[this.mode] || gone !== "closed"); }

    reveal() {
      this.box.classList.add("on");
      if (this.box.showModal) this.box.showModal();
      if (this.byHand) this.box.querySelector("button").focus();
    }

    // open shows a panel. By hand it comes at once, and the focus goes along; by itself
    // when its survey is there, and it disturbs nobody.
    open(byHand) {
      if (!this.ends || this.isOpen || !SHAPES[this.mode]) return;
      this.byHand = byHand !== false;
      this.before = document.activeElement;
      this.isOpen = true;
      this.load();
      if (this.byHand) this.reveal();
    }

    close() {
      if (!this.isOpen) return;
      var answered = this.score !== undefined;
      this.hide();
      if (this.byHand && this.before && this.before.focus) this.before.focus();
      this.kept.closed = Date.now();
      this.kept.save();
      this.unload();
      if (!answered) this.emit("dismissed");
      this.emit("closed", { answered: answered });
      this.score = undefined;
    }

    emit(type, more) {
      var detail = Object.assign({}, more);
      detail[this.path === "/e/" ? "survey" : "flow"] = this.key;
      return this.dispatchEvent(new CustomEvent("hark:" + type, { bubbles: true, cancelable: true, detail: detail }));
    }
  }

  // A cancellation flow comes up before what somebody clicked to cancel does its work, and
  // then lets it: also when the flow does not come, or a server fails.
  class HarkCancel extends HarkSurvey {
    static get observedAttributes() { return ["flow", "lang"]; }

    get key() { return this.getAttribute("flow"); }
    get path() { return "/c/"; }
    get wait() { return 5000; }
    get mode() { return "modal"; }

    panel() {
      var box = super.panel(), now = box.appendChild(document.createElement("button")), self = this;
      now.type = "button";
      now.className = "now";
      now.textContent = this.getAttribute("now") || "Cancel now";
      now.addEventListener("click", function () { self.fail("left"); });
      return box;
    }

    await() {
      var self = this;
      this.on(document, "click", function (event) {
        var hit = event.composedPath()[0], selector = self.getAttribute("selector"), target = null;
        try { target = selector && hit.closest && hit.closest(selector); } catch (wrong) { return; }
        if (!target || target === self.passing) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        self.target = target;
        self.open();
      }, true);
    }

    leaves() { return true; }

    fail(reason) {
      if (this.ready || !this.isOpen) return;
      super.fail(reason);
      this.leave({});
    }

    hear(said) {
      super.hear(said);
      var told = { cancellation: said.cancellation, reason: said.reason, offer: said.offer };
      if (said.type !== "choice" || !this.isOpen) return;
      if (said.choice === "left") {
        this.hide();
        this.unload();
        this.leave(told);
      }
      if (said.choice === "kept") {
        this.score = null;
        this.emit("kept", told);
      }
    }

    // leave has what was clicked do its work, unless the page says that it does so itself.
    leave(told) {
      var target = this.target;
      this.target = null;
      if (!this.emit("left", told) || !target) return;
      this.passing = target;
      target.click();
      this.passing = null;
    }
  }
  customElements.define("hark-survey", HarkSurvey);
  customElements.define("hark-cancel", HarkCancel);
})();

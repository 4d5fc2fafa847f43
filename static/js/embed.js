// Hark within a page: <hark-survey survey="…"> shows a survey in a frame of its own. It
// needs nothing of the page, and changes nothing of it but the element itself; sites load
// <hark-cancel> with it (embed_cancel.js). docs/embedding.md has attributes, methods and events.
(function () {
  "use strict";
  var script = document.currentScript || document.querySelector("script[src*='/embed/v1.js']"); // a module has no current one
  if (!window.customElements || customElements.get("hark-survey")) return;
  var HOME = script ? new URL(script.src).origin : "";
  var PATIENCE = 10000; // milliseconds until a survey that does not come is given up
  var DAY = 864e5;
  var SHAPES = { inline: 0, popover: 1, "slide-in": 1, modal: 1 };
  var STYLE = "css/element.css"; // its text, when it is served

  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }

  // What this browser remembers of a survey stays on the page's own site: the text that
  // makes its answers of one day one answer, its lot, and when it was asked last. It is
  // read anew each time: other tabs and elements write it too.
  var unkept = {}; // where nothing may be stored
  function memory(survey) {
    var kept = unkept[survey] || {};
    try { kept = JSON.parse(localStorage.getItem("hark:" + survey)) || kept; } catch (denied) { /* see above */ }
    return kept;
  }

  function remember(survey, more) {
    var kept = unkept[survey] = Object.assign(memory(survey), more);
    try { localStorage.setItem("hark:" + survey, JSON.stringify(kept)); } catch (denied) { /* see above */ }
    return kept;
  }

  function visit(survey) {
    var kept = memory(survey), fresh = !kept.visit || !(Date.now() - kept.since < DAY);
    return (fresh ? remember(survey, { visit: random(), since: Date.now() }) : kept).visit;
  }

  class HarkSurvey extends HTMLElement {
    static get observedAttributes() { return ["survey", "mode", "lang", "open", "selector", "theme"]; }

    connectedCallback() {
      this.placed = true;
      this.start();
    }
    disconnectedCallback() {
      this.placed = false;
      this.stop();
    }
    attributeChangedCallback(name, old, now) {
      if (!this.placed || old === now) return;
      this.stop();
      this.start();
    }

    get key() { return this.getAttribute("survey"); }
    get path() { return "/e/"; }
    get wait() { return PATIENCE; }

    get shape() {
      var mode = this.getAttribute("mode");
      return mode in SHAPES ? mode : "inline";
    }

    // open() shows the survey. As a property it is the attribute as well, see below.
    get open() { return this.show; }

    number(name, usual) {
      var n = parseFloat(this.getAttribute(name));
      return n >= 0 ? n : usual;
    }

    start() {
      if (!this.key) return;
      this.home = HOME || new URL(this.getAttribute("src") || "", location.href).origin;
      this.ends = [];
      if (!this.shadowRoot) this.attachShadow({ mode: "open" });
      this.shadowRoot.replaceChildren(this.dress());
      if (!SHAPES[this.shape]) {
        this.shadowRoot.append(document.createElement("slot"));
        this.box = this.shadowRoot.appendChild(document.createElement("div"));
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
      this.score = this.chosen = undefined;
      if (this.box) this.hide();
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
      var modal = this.shape === "modal", box = document.createElement(modal ? "dialog" : "div");
      var shut = box.appendChild(document.createElement("button")), self = this;
      box.className = "box " + this.shape;
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
      this.deliver();
      var ask = function () {
        if (asked || !self.mayAsk()) return;
        asked = true;
        self.show(false);
      };
      if (when === "now") ask();
      if (when === "delay") {
        var timer = setTimeout(ask, 1000 * this.number("delay", 10));
        this.ends.push(function () { clearTimeout(timer); });
      }
      if (when === "scroll") {
        var scrolled = function () {
          var all = document.documentElement.scrollHeight - innerHeight;
          if (all <= 0 || scrollY / all >= self.number("scroll", 50) / 100) ask();
        };
        this.on(window, "scroll", scrolled, { passive: true });
        this.loaded(scrolled); // a page that fits its window is not scrolled
      }
      if (when === "exit") this.on(document, "mouseout", function (event) {
        if (!event.relatedTarget && event.clientY <= 0) ask();
      });
      if (when === "click") this.on(document, "click", function (event) {
        var target = self.hit(event);
        if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // to another tab
        event.preventDefault();
        self.target = target;
        self.show();
      }, true); // whatever the page's own scripts keep from others
    }

    // hit is what was clicked of what the selector names; nothing while it does its work.
    hit(event) {
      var from = event.composedPath()[0], selector = this.getAttribute("selector"), target = null;
      try { target = selector && from.closest && from.closest(selector); } catch (wrong) { return null; }
      return target === this.passing ? null : target;
    }

    // giveUp does what the click would have done; what the page's own scripts do with it they
    // have done.
    giveUp() {
      var target = this.target, link = target && target.closest("a[href]"), button = target && target.closest("button, input"), tab;
      this.target = null;
      if (link && link.target && link.target !== "_self") tab = open(link.href, link.target); // none where the click is too long ago
      if (tab) tab.opener = null;
      else if (link) location.assign(link.href);
      else if (button && button.form && button.type === "submit") button.form.requestSubmit(button);
    }

    // mayAsk reports whether nobody is asked too often: by lot, and not soon again.
    mayAsk() {
      var kept = memory(this.key), sample = this.number("sample", 100);
      if (sample < 100 && typeof kept.luck !== "number") kept = remember(this.key, { luck: 100 * Math.random() });
      return (sample >= 100 || kept.luck < sample) && Date.now() >= Math.max(kept.closed || 0, kept.answered || 0) + DAY * this.number("snooze", 30);
    }

    // colours are light or dark as the page is: dark where it says so, or follows a system
    // that is.
    colours() {
      var theme = this.getAttribute("theme"), page = getComputedStyle(this).colorScheme, meta = document.querySelector("meta[name=color-scheme]");
      if (page === "normal" && meta) page = meta.content;
      if (theme === "auto") return "";
      if (theme === "light" || theme === "dark") return theme;
      return /dark/.test(page) && (!/light/.test(page) || matchMedia("(prefers-color-scheme: dark)").matches) ? "dark" : "light";
    }

    address(token) {
      var query = new URLSearchParams({ "hark-host": location.origin, "hark-visit": visit(this.key), "hark-theme": this.colours() });
      if (this.getAttribute("lang")) query.set("lang", this.getAttribute("lang"));
      if (token) query.set("hark-token", token);
      if (SHAPES[this.shape] && !this.byHand) query.set("hark-unasked", "");
      Array.from(this.attributes).forEach(function (attribute) {
        if (attribute.name.indexOf("field-") === 0) query.set(attribute.name.slice(6), attribute.value);
      });
      if (this.dataset.preview) return this.home + this.dataset.preview + "?" + query; // of Hark's own back office
      return this.home + this.path + encodeURIComponent(this.key) + "?" + query;
    }

    // bearer is what the page's own server says of its visitor: in an attribute, or at an
    // address of its own, which is asked only when it is needed since tokens are soon over.
    bearer() {
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
      this.loaded(function () {
        if (self.frame !== frame) return;
        self.patience = setTimeout(function () { self.fail(); }, self.wait);
        self.box.style.colorScheme = self.colours() || "light dark";
        self.bearer().then(function (token) {
          if (self.frame !== frame) return;
          frame.src = self.address(token);
          self.box.append(frame);
        });
      });
    }

    // loaded does something once the page has loaded, which waits for no survey; where
    // somebody waits for it, at once.
    loaded(deed) {
      var timer;
      if (document.readyState === "complete" || this.isOpen && this.byHand) return deed();
      this.on(window, "load", function () {
        clearTimeout(timer);
        timer = setTimeout(deed); // after the event, so that the page's own listeners come first
      });
      this.ends.push(function () { clearTimeout(timer); });
      timer = setTimeout(deed, 5000); // something else of the page does not come
    }

    // deliver has what could not be sent when somebody was here last be sent by its frame,
    // which nobody sees.
    deliver() {
      if (!(Date.now() - memory(this.key).waits < DAY)) return;
      this.byHand = this.quiet = true;
      this.load();
    }

    unload() {
      clearTimeout(this.patience);
      if (this.frame) this.frame.remove();
      this.frame = null;
      this.ready = this.isOpen = this.quiet = false;
    }

    fail(reason) {
      if (this.ready) return;
      if (this.quiet) return this.unload();
      this.hide();
      this.unload();
      if (!reason) console.warn("Hark: " + this.key + " did not come. Is " + this.home + " up, and is " + location.origin + " among its sites?");
      this.emit("unavailable", { reason: reason || "failed" });
      this.giveUp();
    }

    hide() {
      if (this.box.close) this.box.close();
      this.box.classList.remove("on", "here");
    }

    hear(said) {
      if (said.type === "ready") this.arrive(said);
      if (said.type === "height" && said.px > 0 && said.px < 20000) this.frame.style.blockSize = Math.round(said.px) + "px";
      if (said.type === "chosen") this.chosen = said.score;
      if (said.type === "waits") this.chosen = undefined;
      if (said.type === "chosen" || said.type === "waits") remember(this.key, { waits: Date.now() });
      if (said.type === "answered") {
        remember(this.key, { waits: 0 });
        this.answered(said.score);
        if (this.quiet) this.unload();
      }
      if (said.type === "escape" && SHAPES[this.shape]) this.close();
    }

    answered(score) {
      if (this.score === score) return;
      this.score = score;
      remember(this.key, { answered: Date.now() });
      this.emit("answered", { score: typeof score === "number" ? score : null });
    }

    arrive(said) {
      clearTimeout(this.patience);
      this.frame.title = String(said.title);
      if (this.ready) return;
      if (said.doubt) console.warn("Hark: the token of this page's visitor is not believed: " + said.doubt);
      if (said.gone && (this.quiet || this.leaves(said.gone))) return this.fail(said.gone);
      this.ready = true;
      if (this.quiet) {
        var self = this, frame = this.frame;
        setTimeout(function () { if (self.quiet && self.frame === frame) self.unload(); }, this.wait);
        return;
      }
      if (!SHAPES[this.shape]) {
        this.shadowRoot.querySelector("slot").hidden = true;
        this.shadowRoot.querySelector("slot").style.display = "none";
        this.emit(said.gone ? "unavailable" : "shown", said.gone && { reason: said.gone });
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
    leaves(gone) { return !this.byHand && (SHAPES[this.shape] || gone !== "closed"); }

    reveal() {
      this.box.classList.add("on");
      if (this.box.showModal) this.box.showModal();
      if (this.byHand) this.box.querySelector("button").focus();
    }

    // show is element.open(). By hand a panel comes at once, and the focus goes along; by
    // itself when its survey is there, and it disturbs nobody.
    show(byHand) {
      if (!this.ends || this.isOpen || !SHAPES[this.shape]) return;
      this.unload(); // of what delivers
      this.byHand = byHand !== false;
      this.before = document.activeElement;
      this.isOpen = true;
      this.load();
      if (this.byHand) this.reveal();
    }

    close() {
      if (!this.isOpen) return;
      var seen = this.ready, waits = this.chosen === undefined && this.score === undefined && memory(this.key).waits;
      if (this.chosen !== undefined) this.answered(this.chosen); // the frame sends it on its way out
      var answered = this.score !== undefined;
      this.hide();
      if (this.byHand && this.before && this.before.focus) this.before.focus();
      if (seen) remember(this.key, { closed: Date.now() });
      this.unload();
      this.score = this.chosen = this.target = undefined;
      if (!answered && !waits && (seen || this.byHand)) this.emit("dismissed");
      this.emit("closed", { answered: answered });
    }

    emit(type, more) {
      var detail = Object.assign({}, more);
      detail[this.path === "/e/" ? "survey" : "flow"] = this.key;
      return this.dispatchEvent(new CustomEvent("hark:" + type, { bubbles: true, cancelable: true, detail: detail }));
    }
  }

  // Frameworks set properties where an element has them, such as its methods' names: each is
  // the attribute.
  ["mode", "theme", "token", "open", "scroll", "now"].forEach(function (name) {
    var own = Object.getOwnPropertyDescriptor(HarkSurvey.prototype, name), native = HTMLElement.prototype[name];
    Object.defineProperty(HarkSurvey.prototype, name, {
      configurable: true,
      get: own ? own.get : function () { return native || this.getAttribute(name); },
      set: function (value) {
        if (value === null || value === undefined || value === false) this.removeAttribute(name);
        else this.setAttribute(name, value);
      }
    });
  });
  customElements.define("hark-survey", HarkSurvey);
})();

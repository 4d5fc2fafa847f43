// <hark-cancel flow="…" selector="…"> asks whoever is about to cancel why. It follows embed.js
// in what sites load.
(function () {
  "use strict";
  var HarkSurvey = customElements.get("hark-survey");
  if (!HarkSurvey || customElements.get("hark-cancel")) return;

  // A cancellation flow comes up before what somebody clicked to cancel does its work, and
  // then lets it: also when the flow does not come, or a server fails.
  class HarkCancel extends HarkSurvey {
    static get observedAttributes() { return ["flow", "lang"]; }

    get key() { return this.getAttribute("flow"); }
    get path() { return "/c/"; }
    get wait() { return 5000; }
    get shape() { return "modal"; }

    panel() {
      var box = super.panel(), now = box.appendChild(document.createElement("button")), self = this;
      now.type = "button";
      now.className = "now";
      now.textContent = this.getAttribute("now") || "Cancel now";
      now.addEventListener("click", function () { self.giveWay("left"); });
      return box;
    }

    await() {
      var self = this;
      this.on(document, "click", function (event) {
        var target = self.hit(event);
        if (!target) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        self.target = target;
        self.place = { at: self.all().indexOf(target), of: self.all().length };
        self.show();
      }, true);
    }

    leaves() { return true; }

    show(byHand) {
      if (!this.isOpen) this.going = false;
      super.show(byHand);
    }

    // Whoever has pressed "Cancel now" and then closes the flow has cancelled.
    close() {
      if (this.going && this.isOpen) return this.giveWay("left");
      super.close();
    }

    fail(reason) {
      if (this.isOpen) super.fail(reason);
    }

    // giveWay goes on without the flow, which may have come.
    giveWay(reason) {
      this.ready = this.going = false;
      this.fail(reason);
    }

    // goes is told that a button was pressed. Where the flow's own script did not come, the
    // frame's page is gone, and the next one may not come: there is a way out around it.
    goes(said) {
      var self = this;
      this.going = said.deed === "now";
      if (!said.leaves) return;
      this.box.classList.remove("here");
      if (this.going) this.patience = setTimeout(function () { self.giveWay(); }, this.wait);
    }

    giveUp() { this.leave({}); }

    hear(said) {
      super.hear(said);
      if (said.type === "goes" && this.isOpen) this.goes(said);
      if (said.type === "ready" && this.ready) this.box.classList.add("here");
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

    // all are what the selector names.
    all() { return Array.from(document.querySelectorAll(this.getAttribute("selector"))); }

    // anew is what stands in the place of a button whose page was rendered anew meanwhile:
    // what has its id, or its place among as many as there were. None is pressed for another.
    anew(gone) {
      var all = this.all();
      return gone.id && document.getElementById(gone.id) || all.length === this.place.of && all[this.place.at] || gone;
    }

    // leave has what was clicked do its work, unless the page says that it does so itself.
    leave(told) {
      var target = this.passing = this.target;
      this.target = null;
      if (target && !target.isConnected) target = this.passing = this.anew(target);
      if (this.emit("left", told) && target) target.click();
      this.passing = null;
    }
  }

  customElements.define("hark-cancel", HarkCancel);
})();

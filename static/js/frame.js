// The survey's page within another site's page: it tells that page's script, and nobody
// else, how high it is and what happened. See embed.js for the other end.
(function () {
  "use strict";
  var host = document.body.dataset.host, port = null, nonce = null;
  var chosen = null; // how somebody left a cancellation flow, where nobody listened yet

  function tell(type, more) {
    if (port) port.postMessage(Object.assign({ v: 1, type: type, nonce: nonce }, more));
  }

  function height() {
    tell("height", { px: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  }

  function answered() {
    var score = document.querySelector("input[name=score]:checked, input[name=score][type=hidden]");
    tell("answered", { score: score ? Number(score.value) : null });
  }

  addEventListener("change", function (event) {
    if (event.target.name === "score" && event.isTrusted && event.target.form.dataset.kept) tell("chosen", { score: Number(event.target.value) });
  });

  // The page around says hello when this one has loaded; only then there is somebody to talk to.
  addEventListener("message", function (event) {
    var said = event.data;
    if (event.source !== parent || event.origin !== host || !said || said.v !== 1 || said.type !== "hello" || !event.ports[0]) return;
    port = event.ports[0];
    nonce = said.nonce;
    var body = document.body.dataset;
    tell("ready", { title: document.title, close: body.close, dir: document.documentElement.dir, gone: body.gone, doubt: body.doubt });
    height();
    // Where the flow's own script did not come, its last page says how it ended.
    var end = document.querySelector("[data-choice]");
    if (chosen || end) tell("choice", chosen || Object.assign({}, end.dataset));
  });
  addEventListener("submit", function (event) {
    setTimeout(function () { // when the page's other script has heard of it
      tell("goes", { deed: event.submitter && event.submitter.value, leaves: !event.defaultPrevented });
    });
  });
  new ResizeObserver(height).observe(document.documentElement);
  addEventListener("hark:stored", answered);
  addEventListener("hark:waits", function () { tell("waits"); });
  addEventListener("hark:choice", function (event) {
    chosen = event.detail;
    tell("choice", chosen);
  });
  addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !event.defaultPrevented) tell("escape");
  });
})();

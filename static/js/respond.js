// The survey's page of a letter, where scripts run. Nothing on it needs them.
(function () {
  "use strict";
  var form = document.querySelector("main form");
  if (!form || !form.elements.seal) return;

  // That somebody touches the page: a script's own events are not trusted, and
  // neither is scrolling, which scripts do.
  ["pointerdown", "touchstart", "keydown"].forEach(function (type) {
    addEventListener(type, function (event) {
      if (event.isTrusted) form.elements.act.value = "trusted";
    }, { capture: true, passive: true });
  });

  // That a score which the letter's link chose was looked at for three seconds:
  // an answer of somebody who thinks that the choice in the mail was enough.
  if (!form.dataset.seen || navigator.webdriver) return;
  var shown = 0;
  var clock = setInterval(function () {
    if (document.visibilityState !== "visible" || document.prerendering) return;
    if ((shown += 0.5) < 3) return;
    clearInterval(clock);
    var chosen = form.querySelector("input[name=score]:checked");
    if (!chosen) return;
    fetch(form.dataset.seen, {
      method: "POST", keepalive: true, credentials: "omit",
      body: new URLSearchParams({ score: chosen.value, seal: form.elements.seal.value })
    }).catch(function () {});
  }, 500);
})();

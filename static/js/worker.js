// The kiosk's worker: its page and script from the server while that answers within
// three seconds and not with a fault of its own, else as they were the last time.
"use strict";
var SHELF = "hark-kiosk";

addEventListener("install", function () { skipWaiting(); });
addEventListener("activate", function (event) { event.waitUntil(clients.claim()); });

// The page names what it needs, itself included, which the browser has by then.
addEventListener("message", function (event) {
  var list = event.data.map(function (address) { return new Request(address, { cache: "force-cache" }); });
  event.waitUntil(caches.open(SHELF).then(function (shelf) { return shelf.addAll(list); }));
});

function fresh(request) {
  return fetch(request).then(function (answer) {
    if (answer.status === 429 || answer.status >= 500) throw answer;
    if (!answer.ok) return answer;
    var copy = answer.clone();
    return caches.open(SHELF).then(function (shelf) { return shelf.put(request, copy); }).then(function () { return answer; });
  });
}

addEventListener("fetch", function (event) {
  if (event.request.method !== "GET") return;
  event.respondWith(new Promise(function (give, fail) {
    var late = setTimeout(function () {
      caches.match(event.request).then(function (kept) { if (kept) give(kept); });
    }, 3000);
    fresh(event.request).then(give, function (down) {
      caches.match(event.request).then(function (kept) {
        if (kept || down instanceof Response) give(kept || down);
        else fail(down);
      });
    }).then(function () { clearTimeout(late); });
  }));
});

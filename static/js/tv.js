// A screen on a wall keeps itself up to date: each minute the page is read again
// and its inside exchanged, so that nothing flickers. When that fails the screen
// says so in large letters, keeps the last figures greyed, and tries more often.
"use strict";

const every = 60_000, soon = 15_000, patience = 20_000, late = 150_000;
const alarm = document.getElementById("tv-alarm");
let read = Date.now(); // when the figures were last read
let ended = false; // the link, or the session, is over
let failed = false;

// say shows or takes away the alarm.
const say = () => {
  const main = document.getElementById("tv");
  const lost = ended || Date.now() - read > late || failed;
  alarm.hidden = !lost;
  main.classList.toggle("stale", lost);
  if (!lost) return;
  const text = ended ? main.dataset.ended : main.dataset.lost;
  if (alarm.textContent !== text) alarm.textContent = text;
};

// styles are the addresses of a page's style sheets and scripts; others mean a
// new version of the server.
const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet],script[src]")].map((e) => e.getAttribute("href") || e.getAttribute("src")).join();

const refresh = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(patience) });
    ended = answer.type === "opaqueredirect" || [401, 403, 404, 410].includes(answer.status);
    if (!answer.ok) throw new Error("status " + answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.getElementById("tv");
    if (!news) throw new Error("not the page that was expected");
    if (styles(page) !== styles(document)) location.reload();
    document.getElementById("tv").replaceWith(document.adoptNode(news));
    document.title = page.title;
    failed = false;
    read = Date.now();
  } catch (failure) {
    failed = true;
    console.warn(failure);
  }
  say();
  setTimeout(refresh, failed ? soon : every);
};

setTimeout(refresh, every);
setInterval(say, 5_000); // also when a request hangs, or the machine slept

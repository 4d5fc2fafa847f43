// A screen on a wall keeps itself up to date: the page is read again, or the one
// that comes next, and its inside exchanged, so that nothing flickers. When that
// fails the screen says so in large letters, keeps the last figures greyed, and
// tries more often. Several reports stop at the space bar and turn with the arrow
// keys; one that is stopped is still read anew.
"use strict";

const every = 60_000, soon = 15_000, patience = 20_000, late = 150_000;
const alarm = document.getElementById("tv-alarm");
const keys = document.getElementById("tv-keys"), pause = document.getElementById("tv-pause");
const main = () => document.getElementById("tv");
let read = Date.now(); // when the figures were last read
let ended = false; // the link, or the session, is over
let failed = false, stopped = false;
let waits = 0; // the timer of the next turn
let asked = 0; // numbers the requests: what an older one brings is not shown

// say shows or takes away the alarm.
const say = () => {
  const lost = ended || failed || Date.now() - read > late;
  alarm.hidden = !lost;
  main().classList.toggle("stale", lost);
  if (!lost) return;
  const text = ended ? main().dataset.ended : main().dataset.lost;
  if (alarm.textContent !== text) alarm.textContent = text;
};

// fit makes each chart as large as the screen has room for, up to where its words
// would no longer keep apart: nobody scrolls on a wall.
const fit = () => {
  const cards = [...document.querySelectorAll(".tv-charts>.card")];
  cards.forEach((card) => { card.style.zoom = ""; });
  if (innerWidth < 960) return;
  const widths = cards.map((card) => card.getBoundingClientRect().width);
  cards.forEach((card) => { card.style.zoom = 0.5; });
  cards.forEach((card, i) => {
    const most = widths[i] / (card.classList.contains("trend") ? 790 : 235);
    for (let part = 1; part > 0.4; part -= 0.02) {
      card.style.zoom = (most * part).toFixed(3);
      if (document.documentElement.scrollHeight <= innerHeight) return;
    }
  });
};

// styles are the addresses of a page's style sheets and scripts; others mean a
// new version of the server.
const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet],script[src]")].map((e) => e.getAttribute("href") || e.getAttribute("src")).join();

// show exchanges the inside of the page.
const show = (page, news) => {
  if (styles(page) !== styles(document)) location.reload();
  news.classList.toggle("turned", news.dataset.here !== main().dataset.here);
  main().replaceWith(document.adoptNode(news));
  document.title = page.title;
  fit();
};

// turn reads an address and shows it.
const turn = async (address) => {
  clearTimeout(waits);
  const mine = ++asked;
  const abort = new AbortController(), limit = setTimeout(() => abort.abort(), patience);
  try {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual", signal: abort.signal });
    const text = await answer.text();
    if (mine !== asked) return;
    ended = answer.type === "opaqueredirect" || [401, 403, 404, 410].includes(answer.status);
    if (!answer.ok) throw new Error("status " + answer.status);
    const page = new DOMParser().parseFromString(text, "text/html"), news = page.getElementById("tv");
    if (!news) throw new Error("not the page that was expected");
    show(page, news);
    failed = false;
    read = Date.now();
  } catch (failure) {
    if (mine !== asked) return;
    failed = true;
    console.warn(failure);
  } finally {
    clearTimeout(limit);
  }
  say();
  wait();
};

// wait sets the clock for the next turn.
const wait = () => {
  clearTimeout(waits);
  const { here, next, seconds } = main().dataset;
  waits = setTimeout(() => turn(stopped || !next ? here : next), failed ? soon : stopped ? every : seconds * 1000);
};

// stop stops the turning, or lets it go on.
const stop = () => {
  stopped = !stopped;
  pause.setAttribute("aria-pressed", String(stopped));
  keys.classList.toggle("stopped", stopped);
  wait();
};

if (keys) {
  keys.hidden = false;
  pause.addEventListener("click", stop);
  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.repeat) return;
    const { next, back } = main().dataset;
    if (e.key === " ") stop();
    else if (e.key === "ArrowRight") turn(next);
    else if (e.key === "ArrowLeft") turn(back);
    else return;
    e.preventDefault(); // or the space bar presses the button as well
  });
}

// awake keeps the screen on, where the browser can.
const awake = () => document.visibilityState === "visible" && navigator.wakeLock && navigator.wakeLock.request("screen").catch(() => {});

fit();
awake();
wait();
addEventListener("resize", fit);
document.addEventListener("visibilitychange", awake);
setInterval(say, 5_000); // also when a request hangs, or the machine slept

// What the comments gain with script: keys to go through them. No key does
// anything while somebody types, or together with Ctrl, Alt or Meta.
"use strict";

{
  const hint = document.getElementById("feed-keys");
  const comments = [...document.querySelectorAll("[data-comment]")];
  const search = document.querySelector(".feed-filters input[type=search]");
  hint.hidden = false;

  const step = (by) => {
    const at = comments.findIndex((comment) => comment.contains(document.activeElement));
    const next = at < 0 ? comments[by > 0 ? 0 : comments.length - 1] : comments[at + by];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => {
      search.focus();
      search.select();
    },
    "?": () => {
      hint.open = !hint.open;
      if (hint.open) hint.scrollIntoView({ block: "nearest" });
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

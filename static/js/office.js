// What the back office gains with script. Every page works without it: copying
// is selecting, and the preview has buttons of its own.
"use strict";

// Copy buttons: hidden until there is script.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1600);
  });
}
for (const field of document.querySelectorAll("[data-copy]")) {
  field.addEventListener("focus", () => field.select());
}

// What takes the server seconds says so meanwhile.
for (const button of document.querySelectorAll("[data-busy]")) {
  const says = button.textContent;
  button.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it opens elsewhere
    button.ariaLive = "polite";
    button.ariaBusy = "true";
    button.textContent = button.dataset.busy;
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    button.ariaBusy = null;
    button.textContent = says;
  });
}

// The usual words of a new survey go with the metric that is chosen.
for (const choice of document.querySelectorAll("input[name=metric]")) {
  const turn = () => {
    for (const field of choice.form.querySelectorAll("[data-usual-nps]")) field.placeholder = field.getAttribute("data-usual-" + choice.value);
  };
  choice.addEventListener("change", turn);
  if (choice.checked) turn(); // a browser that goes back keeps the choice
}

// Menus close when somebody clicks elsewhere or presses Escape.
const menus = "details.drop[open], details.menu[open]";
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(menus)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(menus)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The preview follows what is typed. It asks the same address as its buttons
// and exchanges the frame's body, so that nothing flickers and the history of
// the browser stays as it is.
const form = document.querySelector("form[data-previews]");
const frame = form && document.getElementById(form.dataset.previews);
const buttons = document.querySelectorAll("button[data-preview]");
if (frame && buttons.length) {
  let chosen = buttons[0];
  for (const button of buttons) {
    if (button.formAction.endsWith("lang=" + document.documentElement.lang)) chosen = button;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      chosen = button;
      refresh();
    });
  }
  const list = document.querySelector("select[data-preview-language]"); // in the place of a button for each
  if (list) {
    list.addEventListener("change", () => refresh());
    buttons[0].remove(); // choosing is enough
  }
  const mark = () => {
    if (!list) for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
  };
  mark();
  let running;
  const refresh = async () => {
    mark();
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(chosen.formAction, {
        method: "POST", body: new URLSearchParams(new FormData(form)), signal: running.signal,
      });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const shown = frame.contentDocument;
      if ("whole" in frame.dataset) { // a letter brings its styles along; read again by the frame, whose policy allows them
        const root = shown.documentElement, top = root.scrollTop;
        for (const name of ["lang", "dir"]) root.setAttribute(name, page.documentElement.getAttribute(name) ?? "");
        root.innerHTML = page.documentElement.innerHTML;
        root.scrollTop = top;
        return;
      }
      shown.documentElement.lang = page.documentElement.lang;
      shown.body.replaceWith(shown.adoptNode(page.body));
    } catch (failure) {
      if (failure.name !== "AbortError") console.warn(failure);
    }
  };
  if ("unsaved" in form.dataset) { // the form came back with what was typed
    const shown = frame.contentDocument;
    if (shown?.readyState === "complete" && shown.URL !== "about:blank") refresh();
    else frame.addEventListener("load", refresh, {once: true});
  }
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 250);
  };
  form.addEventListener("input", (event) => {
    const language = /^texts\.([\w-]+)\./.exec(event.target.name)?.[1];
    if (language && list?.querySelector(`option[value="${language}"]`)) list.value = language;
    for (const button of buttons) {
      if (language && button.formAction.endsWith("lang=" + language)) chosen = button;
    }
    soon();
  });
}

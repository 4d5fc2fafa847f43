// What the rule editor gains with script: the summary and the heads of its
// groups follow what is typed, and its small buttons change the form in place.
// Both ask the address that the buttons ask without script, and take their part
// of the page that comes back.
"use strict";

const rule = document.querySelector("form[data-draft]");
if (rule) {
  rule.classList.add("scripted");
  let running;
  const ask = async (address, more) => {
    running?.abort();
    running = new AbortController();
    const body = new URLSearchParams(new FormData(rule));
    if (more) body.append(more.name, more.value);
    try {
      const answer = await fetch(address, {method: "POST", body, signal: running.signal});
      if (!answer.ok) return null;
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch (failure) {
      if (failure.name !== "AbortError") console.warn(failure);
      return null;
    }
  };

  // exchange puts parts of the answered page into the place of this one's.
  const exchange = (page, parts) => {
    for (const part of rule.querySelectorAll(parts)) {
      const next = page.getElementById(part.id);
      if (next && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
    }
  };
  let waiting, turned = false; // turned: another trigger was chosen, and brings its own usual choices
  const soon = (event) => {
    clearTimeout(waiting);
    turned ||= event?.target.name === "trigger";
    waiting = setTimeout(async () => {
      const page = await ask(rule.dataset.draft);
      if (!page) return;
      exchange(page, turned ? "[data-live],[data-by-trigger]" : "[data-live]");
      turned = false;
    }, 300);
  };
  rule.addEventListener("input", soon);
  rule.addEventListener("change", soon);

  rule.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button?.name || !button.formAction.includes("/form")) return;
    event.preventDefault();
    clearTimeout(waiting);
    if (button.name === "example") {
      const field = rule.elements.condition;
      field.value = button.value;
      field.focus();
      soon();
      return;
    }
    const fold = button.closest("details");
    const page = await ask(button.formAction, button);
    if (!page) return;
    const next = page.getElementById(fold.id);
    fold.replaceChildren(...next.childNodes);
    exchange(page, "[data-live]");
    const fields = fold.querySelectorAll("input[type=number]");
    (button.name === "add_reminder" ? fields[fields.length - 1] : fold.querySelector("[name=add_reminder]"))?.focus();
  });
}

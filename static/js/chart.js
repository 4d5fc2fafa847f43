// What charts gain with script: a card with the exact numbers, by pointer, touch
// or keyboard, and a PNG. The card reads the table behind the chart. A sparkline
// names the table that it shares with others, and its rows there.
"use strict";

const make = (name, kind) => {
  const element = document.createElement(name);
  element.className = kind;
  return element;
};

for (const chart of document.querySelectorAll("[data-chart]")) {
  const { chart: shared, of } = chart.dataset;
  const area = chart.querySelector(".area"), table = shared ? document.getElementById(shared) : chart.querySelector("table[data-points]");
  if (!area || !table) continue;
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows].filter((row) => !of || row.dataset.of === of);
  const along = rows.some((row) => row.dataset.x); // a plot: every place across belongs to a row
  const reader = area.querySelector(".reader");
  const card = make("div", "tip"), cursor = make("div", "cursor"), span = make("div", "cursor-span");
  let shown = -1, pinned = false;

  for (const title of area.querySelectorAll("svg title")) title.remove(); // the card says it, sooner
  card.setAttribute("aria-hidden", "true"); // screen readers have the slider, the links and the table
  for (const part of [card, cursor, span]) part.hidden = true;
  chart.append(card);
  if (along) area.append(cursor, span);

  const fill = (row) => {
    const list = document.createElement("dl");
    heads.forEach((head, i) => {
      if (i === 0 || !row.cells[i].textContent.trim()) return;
      const value = document.createElement("dd");
      value.append(...row.cells[i].cloneNode(true).childNodes);
      const line = document.createElement("div"), name = document.createElement("dt");
      name.textContent = head;
      line.append(name, value);
      list.append(line);
    });
    const title = document.createElement("b");
    title.textContent = row.cells[0].textContent.trim();
    card.replaceChildren(title, list);
    for (const link of card.querySelectorAll("a")) link.tabIndex = -1;
  };

  // spot is where a row is seen, from the chart's corner: at the element that was
  // pointed at, else at the first that shows the row.
  const spot = (i, point = area.querySelector(`[data-point="${i}"]`) || area) => {
    const whole = chart.getBoundingClientRect(), { x, y } = rows[i].dataset;
    if (x) {
      const plot = area.getBoundingClientRect();
      return { x: plot.left - whole.left + (plot.width * x) / 100, y: plot.top - whole.top + Number(y || 0) };
    }
    const box = (point.querySelector(".at, .bar") || point).getBoundingClientRect();
    return { x: box.left + box.width / 2 - whole.left, y: box.top - whole.top };
  };

  const show = (i, point) => {
    if (i === shown || !rows[i]) return;
    shown = i;
    fill(rows[i]);
    card.hidden = false;
    const at = spot(i, point), gap = 14;
    const beside = at.x + gap + card.offsetWidth <= chart.clientWidth ? at.x + gap : at.x - gap - card.offsetWidth;
    card.style.left = Math.max(4, Math.min(beside, chart.clientWidth - card.offsetWidth - 4)) + "px";
    card.style.top = Math.max(4, along ? at.y - card.offsetHeight / 2 : at.y - card.offsetHeight - 8) + "px";
    const { x, high, low } = rows[i].dataset;
    if (reader) {
      reader.value = i;
      reader.setAttribute("aria-valuetext", rows[i].dataset.says);
    }
    if (!along) return;
    cursor.hidden = false;
    cursor.style.left = span.style.left = x + "%";
    span.hidden = !high;
    span.style.top = high + "px";
    span.style.height = low - high + "px";
  };

  const hide = () => {
    shown = -1;
    pinned = false;
    card.classList.remove("pinned");
    card.hidden = cursor.hidden = span.hidden = true;
  };

  // under is the row that an event is about, -1 for none.
  const under = (event) => {
    const point = event.target.closest("[data-point]");
    if (point) return Number(point.dataset.point);
    if (!along) return -1;
    const plot = area.getBoundingClientRect(), x = (100 * (event.clientX - plot.left)) / plot.width;
    const far = rows.map((row) => Math.abs(row.dataset.x - x));
    return far.indexOf(Math.min(...far));
  };

  area.addEventListener("pointermove", (event) => {
    const i = under(event);
    if (!pinned && i >= 0) show(i, event.target.closest("[data-point]") || undefined);
  });
  area.addEventListener("pointerleave", (event) => {
    if (!pinned && event.pointerType !== "touch" && !area.contains(document.activeElement)) hide();
  });
  area.addEventListener("click", (event) => {
    if (!along) return;
    pinned = false; // a click elsewhere in the plot moves the card there
    show(under(event));
    pinned = true;
    card.classList.add("pinned");
  });
  area.addEventListener("focusin", (event) => {
    const point = event.target.closest("[data-point]");
    if (point) show(Number(point.dataset.point), point);
  });
  area.addEventListener("focusout", hide);
  document.addEventListener("click", (event) => {
    if (pinned && !area.contains(event.target) && !card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });

  if (!reader) continue;
  reader.hidden = false;
  reader.addEventListener("focus", () => show(Number(reader.value)));
  reader.addEventListener("input", () => show(Number(reader.value)));
  reader.addEventListener("keydown", (event) => {
    if (event.key === "Enter") rows[Number(reader.value)].querySelector("a")?.click();
  });
}

// A PNG is the saved picture, drawn twice as large.
for (const button of document.querySelectorAll("button[data-png]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const picture = new Image();
      picture.src = button.dataset.png;
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = 2 * picture.naturalWidth;
      canvas.height = 2 * picture.naturalHeight;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = button.dataset.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch {
      location.assign(button.dataset.png); // the same picture, as a file that every program draws
    }
  });
}

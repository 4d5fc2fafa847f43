// Looks at a page as somebody would who checks its layout and its names, and
// returns a list of what is wrong, in words. The page is left as it was.
(() => {
  const faults = [];
  const describe = (node) => {
    const within = node.closest("[id]:not(main)");
    const text = (node.getAttribute("aria-label") || node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 60);
    return (within ? "#" + within.id + " " : "") + node.tagName.toLowerCase() + (text ? ` “${text}”` : "");
  };
  const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !node.closest(".unseen");

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const widest = [...document.querySelectorAll("main *, header *")].filter(seen)
      .filter((node) => node.getBoundingClientRect().right > root.clientWidth + 1 && ![...node.children].some((c) => c.getBoundingClientRect().right > root.clientWidth + 1));
    faults.push(`${root.scrollWidth - root.clientWidth} px wider than the window: ${widest.slice(0, 3).map(describe).join("; ")}`);
  }

  // Texts of pictures. A box has room above and below its letters, which may touch.
  const charts = new Set([...document.querySelectorAll("svg text")].map((text) => text.closest(".plot, figure") || text.ownerSVGElement));
  for (const chart of charts) {
    const boxes = [...chart.querySelectorAll("svg text, text")].filter((text) => text.textContent.trim() && seen(text)).map((text) => {
      const box = text.getBoundingClientRect();
      const slack = box.height * 0.22;
      return { text, left: box.left + 1, right: box.right - 1, top: box.top + slack, bottom: box.bottom - slack };
    }).filter((box) => box.right > box.left && box.bottom > box.top);
    boxes.forEach((a, i) => {
      if (a.left < -1 || a.right > root.scrollWidth + 1) {
        faults.push(`a text of a picture leaves the page: ${describe(a.text)}`);
      }
      for (const b of boxes.slice(i + 1)) {
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
          faults.push(`texts of a picture overlap: ${describe(a.text)} and ${describe(b.text)}`);
        }
      }
    });
  }

  const named = (node) => {
    const by = (node.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    return (node.getAttribute("aria-label") || "").trim() || by.some((id) => document.getElementById(id)?.textContent.trim());
  };
  for (const node of document.querySelectorAll("[role=img], [role=region], figure, nav")) {
    const heading = node.matches("figure") && node.querySelector(":scope > figcaption"); // a heading within does not name it
    if (seen(node) && !node.closest("[aria-hidden=true]") && !named(node) && !heading) {
      faults.push(`has no name: ${describe(node)}`);
    }
  }
  for (const node of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (node.checkVisibility() && !named(node) && !node.labels?.length && !node.title) {
      faults.push(`has no label: ${node.tagName.toLowerCase()} ${node.name || node.id}`);
    }
  }
  const ids = new Set();
  for (const node of document.querySelectorAll("[id]")) {
    if (ids.has(node.id)) {
      faults.push(`the id ${node.id} is there twice`);
    }
    ids.add(node.id);
  }
  for (const node of document.querySelectorAll("[tabindex]")) {
    if (node.tabIndex > 0) {
      faults.push(`jumps the order of tab stops: ${describe(node)}`);
    }
  }
  return [...new Set(faults)];
})()

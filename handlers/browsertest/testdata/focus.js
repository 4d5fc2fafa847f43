// Says where the focus is after a press of Tab, and what is wrong there:
// {place, fault}. The place is "" outside of the page.
(() => {
  const node = document.activeElement;
  if (!node || node === document.body || node === document.documentElement) {
    return { place: "", fault: "" };
  }
  const all = [...document.querySelectorAll("*")];
  const label = (node.getAttribute("aria-label") || node.textContent || node.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
  const place = `${all.indexOf(node)} ${node.tagName.toLowerCase()} “${label}”`;
  const marks = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  // A hidden radio button or checkbox is marked on its label; a mark of a chart on itself.
  const around = [node, node.closest("label"), node.parentElement].filter(Boolean);
  const marked = around.some((one) => marks(getComputedStyle(one))) || (node.ownerSVGElement && node.matches(":focus-visible"));
  const box = node.getBoundingClientRect();
  // What stays where it is while the page scrolls, and lies on the middle of what has the focus.
  const barOver = (node, box) => {
    const top = document.elementFromPoint(Math.min(Math.max((box.left + box.right) / 2, 0), innerWidth - 1), Math.min(Math.max((box.top + box.bottom) / 2, 0), innerHeight - 1));
    for (let one = top; one && !one.contains(node); one = one.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(one).position)) {
        return one.tagName.toLowerCase() + "." + one.className;
      }
    }
    return "";
  };
  let fault = "";
  if (!node.matches("#content") && !marked) {
    fault = "the focus is not to be seen";
  } else if (box.width < 1 || box.height < 1) {
    fault = "the focus is on something that is not to be seen";
  } else if (box.bottom < 0 || box.top > innerHeight) {
    fault = "the focus is outside of the window";
  } else {
    const bar = barOver(node, box);
    if (bar) {
      fault = `the focus is behind ${bar}`;
    }
  }
  return { place, fault };
})()

// Keys. A page declares them: data-key="j" on a link, button or field clicks or focuses it; "g h" are two keys in a row,
// "Ctrl Enter" works in fields too. In [data-rows], J and K walk the rows by their links, and X ticks the row.
// The layout loads this only for accounts that have keys switched on.
const A_WHILE = 1500;
let before = "", at = 0;

const isField = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");

const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled;

function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl ${key}` : key;
}

const declared = (name) =>
  [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === name && isShown(element));

function act(element) {
  if (isField(element)) element.focus();
  else element.click();
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody th a")];
  const here = links.indexOf(document.activeElement.closest("tr")?.querySelector("th a"));
  const next = links[here < 0 ? (step > 0 ? 0 : -1) : here + step];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

const ROWS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => {
    const box = document.activeElement.closest("[data-rows] tr")?.querySelector("[type=checkbox]");
    box?.click();
    return Boolean(box);
  },
};

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  const name = nameOf(event);
  if (isField(event.target) && !name.startsWith("Ctrl ")) {
    if (name === "Escape") event.target.blur();
    return;
  }
  const isSecond = event.timeStamp - at < A_WHILE;
  const element = (isSecond && declared(`${before} ${name}`)) || declared(name);
  [before, at] = [name, event.timeStamp];
  if (element) act(element);
  else if (!(document.querySelector("[data-rows]") && ROWS[name]?.())) return;
  event.preventDefault();
});

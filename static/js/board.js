// The board by keys and by drag. Arrows walk from card to card, M opens the moves of a card; a dragged card presses the
// button of the lane where it is dropped, so that only what has a button can be done.
const keysAreOn = Boolean(document.querySelector("script[src*='js/desk']"));
const lanes = [...document.querySelectorAll("[data-lane]")];
const cardsOf = (lane) => [...lane.querySelectorAll("[data-card]")];

function focus(card) {
  card?.querySelector("a").focus();
  card?.scrollIntoView({ block: "nearest" });
  return Boolean(card);
}

function beside(card, step) {
  const at = lanes.indexOf(card.closest("[data-lane]")), row = cardsOf(lanes[at]).indexOf(card);
  for (let next = at + step; lanes[next]; next += step) {
    const cards = cardsOf(lanes[next]);
    if (cards.length) return cards[Math.min(row, cards.length - 1)];
  }
  return null;
}

function below(card, step) {
  const cards = cardsOf(card.closest("[data-lane]"));
  return cards[cards.indexOf(card) + step];
}

function openMoves(card) {
  const form = card.querySelector("[data-move]"), details = form?.querySelector("details");
  if (details) details.open = true;
  form?.querySelector("button").focus();
  return Boolean(form);
}

const KEYS = {
  ArrowDown: (card) => focus(below(card, 1)),
  ArrowUp: (card) => focus(below(card, -1)),
  ArrowRight: (card) => focus(beside(card, 1)),
  ArrowLeft: (card) => focus(beside(card, -1)),
  m: openMoves,
};

addEventListener("keydown", (event) => {
  if (!keysAreOn || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const card = document.activeElement.closest("[data-card]");
  const done = card ? act?.(card) : event.key.startsWith("Arrow") && focus(document.querySelector("[data-card]"));
  if (done) event.preventDefault();
});

let dragged = null;
const buttonFor = (lane) =>
  [...(dragged?.querySelectorAll("[data-move] button") ?? [])].find((button) => button.value === lane.dataset.lane);

for (const card of document.querySelectorAll("[data-card]:has([data-move] button)")) {
  card.draggable = true;
  card.addEventListener("dragstart", () => { dragged = card; });
  card.addEventListener("dragend", () => { dragged = null; });
}
for (const lane of lanes) {
  lane.addEventListener("dragover", (event) => { if (buttonFor(lane)) event.preventDefault(); });
  lane.addEventListener("drop", (event) => { event.preventDefault(); buttonFor(lane)?.click(); });
}

// Rows of a table with `data-order` are put into another place by dragging their grip. The form of the row's own
// buttons tells the server: behind which record, or at the top where `data-order` is "top".
const table = document.querySelector("table[data-order]");
let dragged = null, place = null;

function mark(row, below) {
  table.querySelectorAll("[data-drop]").forEach((each) => delete each.dataset.drop);
  if (row) row.dataset.drop = below ? "below" : "above";
}

// The row behind which the dragged one would come; null is the top, undefined no place.
function placeAt(event) {
  const row = event.target.closest("tbody tr");
  if (!row) return undefined;
  const box = row.getBoundingClientRect(), below = event.clientY > box.top + box.height / 2;
  mark(row, below);
  const before = below ? row : row.previousElementSibling;
  return before || table.dataset.order === "top" ? before : undefined;
}

function send(row, before) {
  const form = row.querySelector("[data-mover]"), to = document.createElement("input");
  to.type = "hidden";
  to.name = "to";
  to.value = `after:${before?.dataset.record ?? ""}`;
  form.append(to);
  form.submit();
}

for (const grip of table.querySelectorAll("[data-grip]")) {
  grip.hidden = false;
  grip.addEventListener("dragstart", (event) => {
    dragged = grip.closest("tr");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  grip.addEventListener("dragend", () => {
    mark(null);
    dragged = null;
  });
}

table.addEventListener("dragover", (event) => {
  if (!dragged) return;
  place = placeAt(event);
  if (place !== undefined) event.preventDefault();
});

table.addEventListener("drop", (event) => {
  if (!dragged || place === undefined) return;
  event.preventDefault();
  if (place !== dragged) send(dragged, place);
});

// The rating form by keyboard, and its draft saved on the server while it is filled in; nothing stays in the browser.
//
// form[data-rating]  with hidden `seen`, [data-criterion] fieldsets, [data-note], [data-submit], [data-save-status];
//   data-offline-text and data-unsaved-text say what became of a save that did not get through.
// 1 to 9 mark the current criterion and move on, 0 clears it and C leads to the note: only where keys are switched on,
// as desk.js is. A save is a POST of the form and `autosave`; its answer JSON {said, seen}.
const PAUSE = 1500, PATIENCE = 10000;
const form = document.querySelector("form[data-rating]");

function keepDraft() {
  const status = form.querySelector("[data-save-status]"), { seen } = form.elements;
  let timer, flight = null, isDirty = false, isOver = false;

  async function attempt(keepalive) {
    const body = new FormData(form);
    body.set("autosave", "1");
    isDirty = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body, keepalive, signal: AbortSignal.timeout(PATIENCE) });
      const isOurs = answer.headers.get("Content-Type")?.includes("json");
      const told = isOurs ? await answer.json() : { said: form.dataset.unsavedText };
      if (answer.ok && isOurs) seen.value = told.seen;
      isOver = answer.status === 409;
      status.textContent = told.said;
    } catch {
      status.textContent = form.dataset.offlineText;
      isDirty = true;
    }
    flight = null;
    if (isDirty) later();
  }

  const save = (keepalive) => {
    clearTimeout(timer);
    if (isDirty && !isOver) flight ??= attempt(keepalive);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE, false);
  };

  form.addEventListener("input", () => {
    isDirty = true;
    later();
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!flight) {
      isOver = true;
      return;
    }
    event.preventDefault(); // with both under way the page would look like its own older tab
    await flight;
    clearTimeout(timer);
    isOver = true;
    form.requestSubmit(event.submitter);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
}

function takeKeys() {
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  let current = Math.max(0, criteria.findIndex((each) => !each.querySelector(":checked")));

  function show(place) {
    current = Math.min(Math.max(place, 0), criteria.length - 1);
    criteria.forEach((each, number) => each.classList.toggle("now", number === current));
    criteria[current]?.scrollIntoView({ block: "nearest" });
  }
  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  function mark(digit) {
    const box = criteria[current]?.querySelector(`input[type=radio][value="${digit}"]`);
    if (!box) return criteria[current]?.querySelector("input[type=number]")?.focus();
    box.checked = true;
    changed();
    return show(current + 1);
  }
  function clear() {
    for (const box of criteria[current]?.querySelectorAll("input[type=radio]") ?? []) box.checked = false;
    changed();
  }

  criteria.forEach((each, number) => each.addEventListener("focusin", () => show(number)));
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])")) return;
    if (event.key === "0") clear();
    else if (/^[1-9]$/.test(event.key)) mark(event.key);
    else return;
    event.preventDefault();
  });
  show(current);
}

if (form) {
  keepDraft();
  if (form.hasAttribute("data-keys")) takeKeys();
}

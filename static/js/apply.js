// Saves a question page silently, and counts characters. Without a script the button saves. Words come from the page:
//
// form[data-autosave]      with hidden `seen` (autocomplete="off"), and [data-save-status][role=status] in it.
//   data-offline-text  data-unsaved-text (refused)  data-older-text (saved by another tab)
//   [data-restore] hidden, with a button: offers what was typed and did not get through.
// A save is a POST of the form and `autosave`; its answer JSON {said, seen, errors}, with 409 for an older tab.
//
// textarea[data-longest]   data-count-text (%s: characters)  data-over-text (%s: too many)
//   with data-shortest also data-few-text (%s: missing)

// Milliseconds from the last change to the save, and until it is given up.
const PAUSE = 1500, PATIENCE = 10000;
// What was typed says nothing of these.
const OURS = ["csrf_token", "seen"];
let leaving = false;

const say = (element, words) => {
  if (element.textContent !== words) element.textContent = words;
};

// What did not get through, by its form's address, for as long as the tab lives.
const recall = (name) => {
  try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
};
const note = (name, value) => {
  try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* full, or forbidden */ }
};

const keep = (form) => {
  const { seen } = form.elements, words = form.dataset, status = form.querySelector("[data-save-status]");
  const address = form.action, offer = form.querySelector("[data-restore]");
  let timer, flight = null, isDirty = false, isLost = false, isOlder = false, isSent = false;

  const typed = () => [...new FormData(form)].filter(([name]) => !OURS.includes(name));
  const remember = () => note(address, { seen: Number(seen.value), typed: typed() });

  const settle = async (answer) => {
    isOlder = answer.status === 409;
    isLost = !answer.ok || !answer.headers.get("Content-Type")?.includes("json");
    if (isLost) return say(status, isOlder ? words.olderText : words.unsavedText);
    const { errors, said, seen: saves } = await answer.json();
    // What is wrong with the form as a whole has no name: an ended session, say.
    isLost = "" in errors;
    if (isLost) return say(status, words.unsavedText);
    seen.value = saves;
    if (isDirty) remember();
    else note(address, null);
    say(status, said);
  };

  const attempt = async (keepalive) => {
    const body = new FormData(form), control = new AbortController();
    const limit = setTimeout(() => control.abort(), PATIENCE);
    body.set("autosave", "1");
    isDirty = false;
    try {
      const headers = { Accept: "application/json" };
      await settle(await fetch(address, { method: "POST", body, headers, keepalive, signal: control.signal }));
    } catch {
      isLost = true;
      say(status, words.offlineText);
    }
    clearTimeout(limit);
    if (isLost) remember();
    flight = null;
    if (isDirty) later();
  };

  const save = (keepalive) => {
    clearTimeout(timer);
    if (isDirty && !isOlder && !isSent) flight ??= attempt(keepalive);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE, false);
  };
  const changed = () => {
    isDirty = true;
    later();
  };
  const away = () => {
    if (isDirty) remember();
    save(true);
  };

  const restore = (entries) => {
    for (const field of form.elements) {
      const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) [field.value] = values;
    }
    changed();
  };

  const kept = recall(address), shown = typed().map(String);
  const isMissing = (entry) => form.elements[entry[0]] && !shown.includes(String(entry));
  if (kept?.seen >= seen.value && kept.typed.some(isMissing)) {
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      restore(kept.typed);
      offer.hidden = true;
      form.querySelector("input:not([type=hidden]), select, textarea").focus();
    });
  } else note(address, null);

  form.addEventListener("input", changed);
  form.addEventListener("submit", async (event) => {
    if (flight) {
      // With both under way the page would look like its own older tab.
      event.preventDefault();
      await flight;
      form.requestSubmit(event.submitter);
      return;
    }
    isSent = leaving = true;
    remember();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) away(); });
  addEventListener("pagehide", away);
  addEventListener("beforeunload", (event) => { if (isLost && !leaving) event.preventDefault(); });
};

// A page that comes back as it was left does not know what was saved since.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  leaving = true;
  location.reload();
});

const count = (box) => {
  const { longest, shortest = 0, countText, fewText, overText } = box.dataset;
  const shown = document.createElement("p"), heard = document.createElement("p");
  let timer;
  Object.assign(shown, { className: "hint", ariaHidden: "true" });
  heard.className = "sr";
  heard.setAttribute("role", "status");
  box.after(shown, heard);
  const words = () => {
    // As the server counts: composed, code points, no blank ends.
    const length = [...box.value.normalize("NFC").trim()].length;
    if (length > longest) return overText.replace("%s", length - longest);
    return length && length < shortest ? fewText.replace("%s", shortest - length) : countText.replace("%s", length);
  };
  say(shown, words());
  box.addEventListener("input", () => {
    say(shown, words());
    clearTimeout(timer);
    timer = setTimeout(() => say(heard, words()), PAUSE);
  });
};

document.querySelectorAll("form[data-autosave]").forEach(keep);
document.querySelectorAll("textarea[data-longest]").forEach(count);

// Uploads each file in place as soon as it is chosen, with a bar, and gives one that did not get through another try.
// Also the button that copies a link. Without a script the one button of the form uploads and goes on. The words come
// from the page:
//
// form[data-files]  holds the places, and goes on once every upload has ended; [data-at-once-text] says how it is here.
// [data-slot=kind]  a place for a file with an id, <progress hidden>, [role=status] and [data-again], a hidden button;
//                   the answer to data-action replaces the place and #problems.
//   data-most (bytes)  data-too-big-text  data-uploading-text (%s: per cent)  data-checking-text  data-failed-text
// [data-copy=id]    a hidden button before a [role=status]; data-copied-text  data-failed-text

// A connection that moves nothing for so long is dead: milliseconds.
const STALLED = 60000;
// A picture that is still being drawn is asked for again: each time so much later, milliseconds; so often.
const REDRAWN = 2000, MOST_TRIES = 6;
const flights = new Map();
let leaving = false;

const say = (slot, words) => {
  const status = slot.querySelector("[role=status]");
  if (status.textContent !== words) status.textContent = words;
};

const fail = (slot, words) => {
  say(slot, words);
  slot.querySelector("[data-again]").hidden = false;
};

const post = (body, slot) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest(), bar = slot.querySelector("progress");
  let watch;
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => request.abort(), STALLED);
  };
  request.open("POST", slot.dataset.action);
  request.responseType = "document";
  request.upload.onprogress = ({ loaded, total }) => {
    alive();
    bar.hidden = false;
    bar.value = total ? 100 * loaded / total : 0;
    // Whoever listens is told each quarter, not each packet.
    const quarter = Math.floor(bar.value / 25) * 25;
    say(slot, quarter < 100 ? slot.dataset.uploadingText.replace("%s", quarter) : slot.dataset.checkingText);
  };
  request.onloadend = () => {
    clearTimeout(watch);
    bar.hidden = true;
    if (request.status) resolve(request);
    else reject(new Error("no answer"));
  };
  alive();
  request.send(body);
});

const show = (answer, slot) => {
  if (answer.status === 413) return say(slot, slot.dataset.tooBigText);
  if (answer.status === 429 || answer.status >= 500) return fail(slot, slot.dataset.failedText);
  const page = answer.response, fresh = page?.getElementById(slot.id);
  if (!fresh) {
    // The draft was sent, or is gone: the answer says which.
    leaving = true;
    return location.assign(answer.responseURL);
  }
  slot.replaceWith(document.adoptNode(fresh));
  document.getElementById("problems").replaceWith(page.getElementById("problems"));
  const token = page.querySelector("[name=csrf_token]").value;
  for (const input of document.querySelectorAll("[name=csrf_token]")) input.value = token;
  // A file that has arrived, but after the session had ended, needs no more than the button.
  if (fresh.querySelector(`[name=${fresh.dataset.slot}_token]`)) fresh.querySelector("[data-again]").hidden = false;
  document.title = page.title;
  (document.getElementById("error-summary") ?? fresh.querySelector("[tabindex]")).focus();
};

// What a place sends: its inputs alone, or that its file shall go.
const contents = (slot, isRemoved) => {
  const body = new FormData(), [file] = slot.querySelector("[type=file]").files;
  body.set("csrf_token", slot.closest("form").elements.csrf_token.value);
  if (isRemoved) body.set("remove", "y");
  else {
    for (const input of slot.querySelectorAll("[type=hidden]")) body.set(input.name, input.value);
    if (file) body.set(slot.dataset.slot, file);
  }
  return body;
};

const send = async (slot, isRemoved = false) => {
  const [file] = slot.querySelector("[type=file]").files;
  if (!isRemoved && file?.size > slot.dataset.most) return say(slot, slot.dataset.tooBigText);
  if (flights.has(slot.id)) return;
  const flight = post(contents(slot, isRemoved), slot);
  flights.set(slot.id, flight.catch(() => {}));
  slot.querySelector("[data-again]").hidden = true;
  try {
    show(await flight, slot);
  } catch {
    fail(slot, slot.dataset.failedText);
  }
  flights.delete(slot.id);
};

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-files]")) return;
  if (submitter?.name === "remove") {
    event.preventDefault();
    return send(submitter.closest("[data-slot]"), true);
  }
  if (flights.size) {
    event.preventDefault();
    await Promise.all(flights.values());
    return setTimeout(() => form.requestSubmit(submitter));
  }
  const refused = [...form.querySelectorAll("[data-slot]")].find((slot) =>
    slot.querySelector("[type=file]").files[0]?.size > slot.dataset.most);
  if (refused) {
    event.preventDefault();
    say(refused, refused.dataset.tooBigText);
    return refused.querySelector("[type=file]").focus();
  }
  leaving = true;
});

document.addEventListener("change", ({ target }) => {
  const slot = target.type === "file" && target.closest("[data-slot]");
  if (!slot) return;
  say(slot, "");
  if (target.files.length) send(slot);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-again]")) send(target.closest("[data-slot]"));
});

// Errors of pictures do not bubble.
document.addEventListener("error", ({ target: picture }) => {
  const tries = Number(picture.dataset?.tries ?? 0) + 1;
  if (!picture.matches?.(".shelf img") || tries > MOST_TRIES) return;
  picture.dataset.tries = tries;
  setTimeout(() => picture.setAttribute("src", picture.src), REDRAWN * tries);
}, true);

// On a slow connection a file is chosen before this script has come.
for (const input of document.querySelectorAll("[data-slot] [type=file]")) {
  if (input.files.length) send(input.closest("[data-slot]"));
}

for (const words of document.querySelectorAll("[data-at-once-text]")) words.textContent = words.dataset.atOnceText;

addEventListener("beforeunload", (event) => {
  const chosen = [...document.querySelectorAll("[data-slot] [type=file]")].some((input) => input.files.length);
  if (chosen && !leaving) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    let words = button.dataset.copiedText;
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    } catch {
      words = button.dataset.failedText;
    }
    button.parentElement.querySelector("[role=status]").textContent = words;
  });
}

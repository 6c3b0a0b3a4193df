// Uploads in place, with a bar, and gives a file that did not get through another try. Also the button that copies
// a link. Without a script the forms work all the same. The words come from the page:
//
// [data-slot]       a place for files with an id, its forms, <progress hidden> and [role=status]; the answer to a form
//                   replaces the place and #problems.
//   data-most (bytes)  data-too-big-text  data-chosen-text  data-uploading-text (%s: per cent)
//   data-checking-text  data-failed-text
// [data-copy=id]    a hidden button before a [role=status]; data-copied-text  data-failed-text

// A connection that moves nothing for so long is dead: milliseconds.
const STALLED = 60000;
const busy = new WeakSet();
let leaving = false;

const say = (slot, words) => {
  const status = slot.querySelector("[role=status]");
  if (status.textContent !== words) status.textContent = words;
};

const post = (form, slot) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest(), bar = slot.querySelector("progress");
  let watch;
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => request.abort(), STALLED);
  };
  request.open("POST", form.action);
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
  request.send(new FormData(form));
});

const show = (answer, slot) => {
  if (answer.status === 413) return say(slot, slot.dataset.tooBigText);
  if (answer.status === 429 || answer.status >= 500) return say(slot, slot.dataset.failedText);
  const page = answer.response, fresh = page?.getElementById(slot.id);
  if (!fresh) {
    // The draft was sent, or is gone: the answer says which.
    leaving = true;
    return location.assign(answer.responseURL);
  }
  slot.replaceWith(document.adoptNode(fresh));
  document.getElementById("problems").replaceWith(page.getElementById("problems"));
  const token = fresh.querySelector("[name=csrf_token]").value;
  for (const input of document.querySelectorAll("[name=csrf_token]")) input.value = token;
  document.title = page.title;
  (document.getElementById("error-summary") ?? fresh.querySelector("[tabindex]")).focus();
};

const send = async (form, slot) => {
  const file = form.querySelector("[type=file]")?.files[0];
  if (file?.size > slot.dataset.most) return say(slot, slot.dataset.tooBigText);
  if (busy.has(slot)) return;
  busy.add(slot);
  try {
    show(await post(form, slot), slot);
  } catch {
    say(slot, slot.dataset.failedText);
  }
  busy.delete(slot);
};

document.addEventListener("submit", (event) => {
  const slot = event.target.closest("[data-slot]");
  if (!slot) return;
  event.preventDefault();
  send(event.target, slot);
});

document.addEventListener("change", ({ target }) => {
  const slot = target.type === "file" && target.closest("[data-slot]");
  if (slot) say(slot, target.files.length ? slot.dataset.chosenText : "");
});

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

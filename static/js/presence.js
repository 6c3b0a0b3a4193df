// Tells the server every 20 seconds that the page is open, as long as somebody looks at it and does something on it,
// and shows who else has it open. A page that is left alone says nothing, and keeps no session alive.
const region = document.querySelector("[data-presence]");
const EVERY = 20_000, IN_USE = 5 * 60_000;
let used = Date.now(), timer = null;

async function look() {
  timer = setTimeout(look, EVERY);
  if (document.hidden || Date.now() - used > IN_USE) return;
  const body = new URLSearchParams({ csrf_token: region.dataset.token, page: region.dataset.page });
  const answer = await fetch(region.dataset.presence, { method: "POST", body, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const words = await answer.json();
  if (region.textContent !== words) region.textContent = words;
  region.hidden = !words;
}

for (const what of ["pointerdown", "keydown"]) addEventListener(what, () => { used = Date.now(); }, { passive: true });
addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) look();
});
look();

// Buttons that copy the text of another element: `data-copy` is its id, `data-copied` what is said afterwards.
// Where the browser lets no page write to the clipboard they stay hidden, and the text can be selected by hand.
const SHOWN_MS = 2500;

function ready(button) {
  const words = button.firstChild;
  const before = words.data;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    words.data = button.dataset.copied;
    setTimeout(() => { words.data = before; }, SHOWN_MS);
  });
}

if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(ready);

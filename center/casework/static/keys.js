// Keys of the staff's pages: Alt and a key, by where it lies on the keyboard and not by what the layout makes of it, so
// that the same keys work in Kazakh, Russian and English. Without scripts the browser's own access keys do.
function takeOver() {
  for (const node of document.querySelectorAll("[data-key][accesskey]")) node.removeAttribute("accesskey");
}

function letterOf(event) {
  return event.code.startsWith("Key") ? event.code.slice(3) : event.code.startsWith("Digit") ? event.code.slice(5) : "";
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const letter = letterOf(event);
  const node = letter && [...document.querySelectorAll(`[data-key="${letter}"]`)].find((one) => !one.disabled && one.checkVisibility());
  if (!node) return;
  event.preventDefault();
  node.focus();
  if (!node.matches("input:not([type=checkbox], [type=file]), textarea, select")) node.click();
});

// The entry field takes a scanner's Enter: it sends, unless an identity document's further lines are still to come.
const LINES = { 30: 3, 36: 2, 44: 2 };
const entry = document.getElementById("entry");
entry?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const lines = entry.value.trim().split("\n").map((line) => line.trim());
  if (lines.length < (LINES[lines[0].length] ?? 1)) return;
  event.preventDefault();
  entry.form.requestSubmit();
});

takeOver();
document.addEventListener("htmx:afterSwap", takeOver);

// A page with nothing to fill in follows its case by itself; on others a note says that the case has moved on.
document.addEventListener("htmx:afterSwap", () => {
  if (document.querySelector("#moved[data-follow] [data-moved]")) location.reload();
});

// A refused scan or portrait is told beside its field.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (["scan-told", "portrait-told"].includes(event.detail.target.id)) event.detail.shouldSwap = true;
});

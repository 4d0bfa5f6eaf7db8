// The board in the hall: a chime and a spoken-out text for each new call. Browsers let a page sound after a press only.
const button = document.getElementById("sound");
const announcer = document.getElementById("announcer");
let context = null;
let last = cueOf();

function cueOf() {
  return Number(document.querySelector("#calls [data-cue]")?.dataset.cue ?? 0);
}

function chime() {
  if (context?.state !== "running") return;
  for (const [hertz, after] of [[880, 0], [660, 0.25]]) {
    const at = context.currentTime + after;
    const tone = new OscillatorNode(context, { frequency: hertz });
    const level = new GainNode(context, { gain: 0.3 });
    level.gain.setValueAtTime(0.3, at);
    level.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
    tone.connect(level).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
}

async function toggle() {
  context ??= new AudioContext();
  await (context.state === "running" ? context.suspend() : context.resume());
  const on = context.state === "running";
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? button.dataset.on : button.dataset.off;
  if (on) chime();
}

button.hidden = false;
button.addEventListener("click", toggle);
document.addEventListener("htmx:afterSwap", () => {
  const cue = cueOf();
  if (cue > last) {
    const { ticket, window: number } = document.querySelector("#calls [data-cue]").dataset;
    announcer.textContent = announcer.dataset.text.replace("{ticket}", ticket).replace("{window}", number);
    chime();
  }
  last = cue;
});

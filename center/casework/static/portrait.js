// The applicant's portrait: from the camera where there is one, else from a file. What is sent is what the canvas shows.
const form = document.getElementById("portrait-form");
const part = (name) => form.querySelector(`[data-${name}]`);
const [box, live, taken, none, on, take, again] = ["camera", "live", "taken", "no-camera", "on", "take", "again"].map(part);
const file = form.querySelector("[type=file]");
const told = document.getElementById("portrait-told");
const RATIO = 3 / 4;
const WANTED = { video: { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1080 } }, audio: false };

function show(...shown) {
  for (const one of [live, taken, none, on, take, again]) one.hidden = !shown.includes(one);
}

// A camera takes a while to open. Whoever has chosen a file meanwhile keeps it, and their place.
let turn = 0;

async function start() {
  const mine = ++turn;
  told.replaceChildren();
  try {
    const stream = live.srcObject ?? (await navigator.mediaDevices.getUserMedia(WANTED));
    if (mine !== turn) return close(stream);
    live.srcObject = stream;
    await live.play();
    if (mine !== turn) return;
    show(live, take);
    take.focus();
  } catch {
    if (mine !== turn) return;
    show(none, on);
    file.focus();
  }
}

function close(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function stop() {
  turn += 1;
  close(live.srcObject);
  live.srcObject = null;
}

function draw(source, width, height) {
  const cut = Math.min(width, height * RATIO);
  taken.width = cut;
  taken.height = Math.min(height, cut / RATIO);
  const from = [(width - taken.width) / 2, (height - taken.height) / 2];
  taken.getContext("2d").drawImage(source, ...from, taken.width, taken.height, 0, 0, taken.width, taken.height);
}

function snap() {
  draw(live, live.videoWidth, live.videoHeight);
  stop();
  show(taken, again);
  again.focus();
  taken.toBlob((blob) => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], "portrait.jpg", { type: "image/jpeg" }));
    file.files = chosen.files;
    form.requestSubmit();
  }, "image/jpeg", 0.95);
}

async function preview() {
  told.replaceChildren();
  stop();
  show(on);
  if (!file.files.length) return;
  try {
    const picture = await createImageBitmap(file.files[0]);
    taken.width = picture.width;
    taken.height = picture.height;
    taken.getContext("2d").drawImage(picture, 0, 0);
    show(taken, on);
  } catch {
    // No picture that this browser can draw: the server says what it is.
  }
}

on.addEventListener("click", start);
again.addEventListener("click", start);
take.addEventListener("click", snap);
file.addEventListener("change", preview);
addEventListener("pagehide", stop);
box.hidden = !navigator.mediaDevices?.getUserMedia;

// A pad to sign on with pen, finger or mouse; who cannot draw writes their name in the field below it.
const box = document.querySelector("[data-pad]");
const canvas = box.querySelector("canvas");
const kept = box.querySelector("[name=drawn]");
const context = canvas.getContext("2d");
let drawing = false;

function place(event) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [((event.clientX - left) / width) * canvas.width, ((event.clientY - top) / height) * canvas.height];
}

canvas.addEventListener("pointerdown", (event) => {
  drawing = true;
  canvas.setPointerCapture(event.pointerId);
  context.lineWidth = 4;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = "#14232b";
  context.beginPath();
  context.moveTo(...place(event));
});
canvas.addEventListener("pointermove", (event) => {
  if (!drawing) return;
  context.lineTo(...place(event));
  context.stroke();
});
canvas.addEventListener("pointerup", () => {
  if (drawing) kept.value = canvas.toDataURL("image/png");
  drawing = false;
});
box.querySelector("[data-clear]").addEventListener("click", () => {
  context.clearRect(0, 0, canvas.width, canvas.height);
  kept.value = "";
});
box.hidden = false;

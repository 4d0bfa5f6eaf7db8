// The report: the driven path on the map, and for a finding the plots, the close-up and the map at one same instant.
import { decimal } from "/static/track/numbers.js";
import uPlot from "/static/web/vendor/uPlot.esm.js";

const data = JSON.parse(document.getElementById("report-data").textContent);
const words = data.words;
const panel = document.getElementById("instant");
const scrub = document.getElementById("scrub");
const state = document.getElementById("traces-state");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const AROUND_S = 10;
const SVG = "http://www.w3.org/2000/svg";

let traces = null;
let shown = null;
let plots = [];
let spanM = 9;

async function load() {
  try {
    const answer = await fetch(data.traces);
    if (!answer.ok) throw new Error(String(answer.status));
    traces = await answer.json();
  } catch {
    state.textContent = words.unread;
    return;
  }
  document.getElementById("path").setAttribute("d", pathOf());
  const first = Object.keys(data.findings)[0];
  state.textContent = first ? words.read : words.read_none;
  const asked = location.hash.match(/^#finding-(\d+)$/)?.[1];
  if (asked in data.findings) show(asked);
  else if (first) show(first);
}

function pathOf() {
  const { time_ms: t, east_m: east, north_m: north } = traces;
  return t.map((ms, i) => `${i === 0 || ms - t[i - 1] > 1000 ? "M" : "L"}${east[i]} ${-north[i]}`).join("");
}

function show(number) {
  const finding = data.findings[number];
  if (!traces || !finding) return;
  shown = { number, at: finding.at_ms - traces.origin_ms };
  panel.hidden = false;
  panel.querySelector('[data-field="title"]').textContent = `${number}. ${finding.title}`;
  for (const node of document.querySelectorAll("[data-finding]")) node.classList.toggle("is-shown", node.dataset.finding === number);
  for (const node of document.querySelectorAll("[data-mark]")) node.classList.toggle("is-shown", node.dataset.mark === number);
  drawPlots();
  drawEdge();
  document.getElementById("drawing").replaceChildren(...(finding.drawn ? [picture(number, finding.title)] : []));
  scrub.value = "0";
  moveTo(0);
}

function picture(number, title) {
  const image = new Image(640, 400);
  image.alt = title;
  image.addEventListener("error", () => image.remove());
  image.src = `${data.drawings}/${number}.svg`;
  return image;
}

function windowOf() {
  const { time_ms: t } = traces;
  const first = t.findIndex((ms) => ms >= shown.at - AROUND_S * 1000);
  let end = first;
  while (end >= 0 && end < t.length && t[end] <= shown.at + AROUND_S * 1000) end += 1;
  return [Math.max(first, 0), Math.max(end, 0)];
}

function drawPlots() {
  const box = document.getElementById("plots");
  for (const plot of plots) plot.destroy();
  plots = [];
  const [first, end] = windowOf();
  const seconds = traces.time_ms.slice(first, end).map((ms) => (ms - shown.at) / 1000);
  const distance = traces.distances.find((one) => String(one.finding) === shown.number);
  const beyond = distance ? seconds.map((_, i) => distance.beyond_mm[first + i - distance.first] ?? null) : null;
  const series = [
    // What is far on the clear side would flatten what happens at the line.
    beyond && [words.distance, beyond.map((mm) => (mm !== null && mm < -800 ? null : mm)), "#b3261e", false],
    [words.speed, traces.speed_kmh.slice(first, end), "#0b5c7d", false],
    [words.steering, traces.steering_deg.slice(first, end), "#5b2a86", false],
    [words.gear, traces.gear.slice(first, end), "#3a5a1c", true],
  ].filter(Boolean);
  const sync = uPlot.sync("instant");
  for (const [title, values, colour, stepped] of series) {
    const plot = new uPlot(options(title, colour, stepped, box.clientWidth, sync), [seconds, values], box);
    plot.over.addEventListener("mousemove", () => plot.cursor.left >= 0 && moveTo(plot.posToVal(plot.cursor.left, "x"), false));
    plots.push(plot);
  }
}

function options(title, colour, stepped, width, sync) {
  const axis = { font: "12px system-ui, sans-serif", stroke: "#14232b", grid: { stroke: "#dfe6e9", width: 1 } };
  return {
    title,
    width,
    height: 118,
    legend: { show: false },
    cursor: { sync: { key: sync.key, setSeries: false }, drag: { x: false, y: false }, y: false },
    scales: { x: { time: false, range: [-AROUND_S, AROUND_S] }, y: { range: (_, low, high) => padded(low, high) } },
    axes: [
      { ...axis, size: 26, values: (_, ticks) => ticks.map((tick) => String(tick).replace("-", "−")) },
      { ...axis, size: 52, space: 26, values: (_, ticks) => ticks.map((tick) => String(tick).replace("-", "−")) },
    ],
    series: [{}, { stroke: colour, width: 2, points: { show: false }, paths: stepped ? uPlot.paths.stepped({ align: 1 }) : undefined }],
    hooks: { draw: [zeroLines] },
  };
}

function padded(low, high) {
  if (low === null || high === null) return [-1, 1];
  const pad = Math.max((high - low) * 0.1, 0.5);
  return [Math.min(low - pad, 0), Math.max(high + pad, 1)];
}

function zeroLines(plot) {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(0, "x", true);
  const y = plot.valToPos(0, "y", true);
  ctx.save();
  ctx.strokeStyle = "#14232b";
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function moveTo(second, plotsToo = true) {
  const ms = shown.at + second * 1000;
  if (document.activeElement !== scrub) scrub.value = String(second);
  const text = `${second >= 0 ? "+" : "−"}${decimal(Math.abs(second), 2)}`;
  scrub.setAttribute("aria-valuetext", text);
  panel.querySelector('[data-field="time"]').textContent = `${clock(traces.origin_ms + ms)} (${text})`;
  if (plotsToo) {
    for (const plot of plots) plot.setCursor({ left: plot.valToPos(second, "x"), top: 0 });
  }
  drawCar(nearest(ms));
}

function clock(ms) {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: data.zone };
  return new Date(ms).toLocaleTimeString("en-GB", parts);
}

function nearest(ms) {
  const { time_ms: t } = traces;
  let low = 0;
  let high = t.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle] < ms) low = middle + 1;
    else high = middle;
  }
  return low > 0 && ms - t[low - 1] < t[low] - ms ? low - 1 : low;
}

function placed(index, [x, y]) {
  const [forward, left] = [traces.forward[index], traces.left[index]];
  return [traces.east_m[index] + x * forward[0] + y * left[0], -(traces.north_m[index] + x * forward[1] + y * left[1])];
}

function drawCar(index) {
  if (index < 0 || index >= traces.time_ms.length) return;
  const outline = traces.outline.map((point) => placed(index, point)).join(" ");
  for (const id of ["map-car", "inset-car"]) {
    document.getElementById(id).setAttribute("points", outline);
    document.getElementById(id).removeAttribute("hidden");
  }
  const patches = traces.tyres.map((corners) => {
    const patch = document.createElementNS(SVG, "polygon");
    patch.setAttribute("class", "tyre-patch");
    patch.setAttribute("points", corners.map((point) => placed(index, point)).join(" "));
    return patch;
  });
  document.getElementById("inset-tyres").replaceChildren(...patches);
  const [x, y] = placed(index, [1.3, 0]);
  document.getElementById("inset").setAttribute("viewBox", [x - spanM / 2, y - spanM * 0.35, spanM, spanM * 0.7].join(" "));
}

function drawEdge() {
  const box = document.getElementById("inset-edge");
  const distance = traces.distances.find((one) => String(one.finding) === shown.number);
  box.replaceChildren();
  if (!distance) return;
  const edge = document.createElementNS(SVG, "polyline");
  edge.setAttribute("class", "inset-edge");
  edge.setAttribute("points", distance.edge.map(([east, north]) => [east, -north]).join(" "));
  box.append(edge);
}

function zoom(factor) {
  spanM = Math.min(40, Math.max(2.5, spanM * factor));
  moveTo(Number(scrub.value));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  const mark = event.target.closest("[data-mark]");
  if (button) {
    show(button.dataset.show);
    document.querySelector(".report__evidence").scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  } else if (mark) {
    show(mark.dataset.mark);
    document.getElementById(`finding-${mark.dataset.mark}`).scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  }
});
scrub.addEventListener("input", () => moveTo(Number(scrub.value)));
document.getElementById("zoom-in").addEventListener("click", () => zoom(0.7));
document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 0.7));
addEventListener("resize", () => {
  const width = document.getElementById("plots").clientWidth;
  for (const plot of plots) plot.setSize({ width, height: 118 });
});
load();

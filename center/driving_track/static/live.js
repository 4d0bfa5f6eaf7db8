// The live track: server-sent moments in; the car's outline, dials, signals and sensors out.
import { decimal } from "/static/track/numbers.js";

const words = JSON.parse(document.getElementById("live-words").textContent);
const root = document.getElementById("live");
const map = document.getElementById("map");
const car = document.getElementById("car");
const announcer = document.getElementById("announcer");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const wholeBox = map.getAttribute("viewBox");
const FOLLOW_WIDTH_M = 56;
const BEHIND_MS = 150 * words.rate;
const STALE_MS = 1500 * Math.max(1, words.rate / 2);

let moment = null;
let poses = [];
let takenAt = 0;
let exercise;
let following = false;

const fields = Object.fromEntries([...root.querySelectorAll("[data-field]")].map((node) => [node.dataset.field, node]));
const badges = byData("exercise", map);
const courses = byData("exercise", root.querySelector(".course"));
const elements = byData("element", map);

function byData(name, within) {
  return new Map([...within.querySelectorAll(`[data-${name}]`)].map((node) => [node.dataset[name], node]));
}

function put(name, text) {
  if (fields[name] && fields[name].textContent !== text) fields[name].textContent = text;
}

function minutes(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function take(view) {
  moment = view;
  takenAt = performance.now();
  put("state", words.states[view.state ?? "idle"]);
  put("who", [view.candidate, words.cars[view.car_id] ?? view.car_id, view.rules].filter(Boolean).join(" · "));
  put("speed", view.speed_mps === null ? "–" : decimal(Math.abs(view.speed_mps) * 3.6, 0));
  put("gear", view.gear === null ? "–" : (words.gears[view.gear] ?? String(view.gear)));
  put("steering", steering(view.steering_wheel_deg));
  put("points", decimal(view.points, 0));
  put("limit", decimal(view.limit, 0));
  fields.points_bar.style.width = `${Math.min(100, view.limit ? (100 * view.points) / view.limit : 0)}%`;
  fields.points_bar.classList.toggle("is-over", view.points > view.limit);
  fields.unscored.hidden = view.is_scored_live;
  fields.fix.hidden = !view.pose || isGood(view);
  times(view);
  takeExercise(view.exercise_id);
  takeElements(view);
  takeDevices(view.devices ?? []);
  takePose(view);
}

// A place that is old, or that was never of exam grade, must not look like one that is sure.
function isGood(view) {
  return view.pose.exam_grade && view.now_ms - view.pose.time_ms < STALE_MS;
}

function steering(degrees) {
  if (degrees === null) return "–";
  const rounded = Math.round(degrees);
  if (rounded === 0) return "0°";
  return `${decimal(Math.abs(rounded), 0)}° ${rounded > 0 ? words.left : words.right}`;
}

function times(view) {
  put("exam_time", view.began_ms === null ? "–:––" : minutes(view.now_ms - view.began_ms));
  put("exercise_time", view.exercise_began_ms === null ? "–:––" : minutes(view.now_ms - view.exercise_began_ms));
}

function takeExercise(id) {
  if (id === exercise) return;
  exercise = id;
  const name = id ? (words.exercises[id] ?? id) : words.no_exercise;
  put("exercise", name);
  if (id) announcer.textContent = name;
  const order = [...courses.keys()];
  const now = order.indexOf(id);
  for (const nodes of [courses, badges]) {
    for (const [key, node] of nodes) {
      node.classList.toggle("is-current", key === id);
      node.classList.toggle("is-done", now >= 0 && order.indexOf(key) < now);
    }
  }
  for (const [key, node] of courses) {
    if (key === id) node.setAttribute("aria-current", "step");
    else node.removeAttribute("aria-current");
  }
}

function takeElements(view) {
  for (const [id, aspect] of Object.entries(view.signals ?? {})) elements.get(id)?.setAttribute("data-aspect", aspect);
  for (const [id, active] of Object.entries(view.elements ?? {})) elements.get(id)?.classList.toggle("is-active", active);
}

function takeDevices(devices) {
  const list = document.getElementById("devices");
  document.getElementById("no-devices")?.toggleAttribute("hidden", devices.length > 0);
  const rows = byData("device", list);
  for (const device of devices) {
    const row = rows.get(device.device_id) ?? list.appendChild(deviceRow(device.device_id));
    rows.delete(device.device_id);
    if (row.dataset.state && row.dataset.state !== device.state) {
      announcer.textContent = `${device.device_id}: ${words.devices[device.state] ?? device.state}`;
    }
    row.dataset.state = device.state;
    const state = row.querySelector(".devices__state");
    const age = device.age_s !== null && device.state !== "ok" ? ` ${decimal(device.age_s, 0)}${words.seconds}` : "";
    const text = (words.devices[device.state] ?? device.state) + age;
    if (state.textContent !== text) state.textContent = text;
    more(row, [...(device.faults ?? []).map(faultWord), device.outbox > 50 * words.rate ? `${words.unsent} ${device.outbox}` : ""]);
  }
  for (const row of rows.values()) row.remove();
}

function faultWord(code) {
  const [kind, element] = code.split(":");
  const text = words.faults[kind] ?? kind.replaceAll("_", " ");
  return element ? `${text} (${element})` : text;
}

function deviceRow(id) {
  const row = document.createElement("li");
  row.dataset.device = id;
  for (const [name, text] of [["devices__name", id], ["devices__state", ""]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    row.append(part);
  }
  return row;
}

function more(row, texts) {
  const text = texts.filter(Boolean).join(", ");
  let node = row.querySelector(".devices__more");
  if (!text) return node?.remove();
  if (!node) {
    node = row.appendChild(document.createElement("span"));
    node.className = "devices__more";
  }
  if (node.textContent !== text) node.textContent = text;
}

function takePose(view) {
  if (!view.pose || !words.outlines[view.car_id]) {
    car.setAttribute("hidden", "");
    poses = [];
    return;
  }
  const last = poses.at(-1);
  if (last && (view.pose.time_ms < last.time_ms || view.pose.time_ms - last.time_ms > 2000)) poses = [];
  const isFresh = !last || view.pose.time_ms !== last.time_ms;
  if (isFresh) poses.push({ ...view.pose, car_id: view.car_id });
  if (poses.length > 40) poses.shift();
  car.removeAttribute("hidden");
  car.classList.toggle("is-vague", !isGood(view));
  if (still.matches && isFresh) draw(poses.at(-1));
}

function mix(one, other, share) {
  const blend = (a, b) => a + (b - a) * share;
  return {
    ...other,
    east_m: blend(one.east_m, other.east_m),
    north_m: blend(one.north_m, other.north_m),
    forward: [blend(one.forward[0], other.forward[0]), blend(one.forward[1], other.forward[1])],
    left: [blend(one.left[0], other.left[0]), blend(one.left[1], other.left[1])],
  };
}

function draw(pose) {
  const at = ([x, y]) => [
    pose.east_m + x * pose.forward[0] + y * pose.left[0],
    -(pose.north_m + x * pose.forward[1] + y * pose.left[1]),
  ];
  const outline = words.outlines[pose.car_id];
  document.getElementById("car-outline").setAttribute("points", outline.map(at).join(" "));
  const front = Math.max(...outline.map((point) => point[0]));
  const nose = outline.filter((point) => point[0] > front - 0.1).map(at);
  document.getElementById("car-front").setAttribute("points", nose.join(" "));
  if (following) {
    const [, , width, height] = wholeBox.split(" ").map(Number);
    const tall = (FOLLOW_WIDTH_M * height) / width;
    map.setAttribute("viewBox", [pose.east_m - FOLLOW_WIDTH_M / 2, -pose.north_m - tall / 2, FOLLOW_WIDTH_M, tall].join(" "));
  }
}

// Between two known poses the car is drawn a little in the past, so that it moves evenly.
function frame() {
  if (!still.matches && poses.length) {
    const shown = moment.now_ms + (performance.now() - takenAt) * words.rate - BEHIND_MS;
    const lag = moment.now_ms - poses.at(-1).time_ms;
    const wanted = shown - Math.max(0, Math.min(lag, 1000));
    const next = poses.findIndex((pose) => pose.time_ms >= wanted);
    if (next > 0) {
      const [before, after] = [poses[next - 1], poses[next]];
      draw(mix(before, after, (wanted - before.time_ms) / Math.max(1, after.time_ms - before.time_ms)));
    } else {
      draw(next === 0 ? poses[0] : poses.at(-1));
    }
  }
  requestAnimationFrame(frame);
}

// A finding that is final comes before those that may still pass, so its place in the list does not say that it is new;
// nor does a measured value, which may still grow.
function takeFindings(html) {
  const box = document.getElementById("findings");
  const before = [...box.querySelectorAll("[data-number]")].map(whatItIs);
  box.innerHTML = html;
  const found = [...box.querySelectorAll("[data-number]")];
  const fresh = found.find((node) => {
    const place = before.indexOf(whatItIs(node));
    if (place >= 0) before.splice(place, 1);
    return place < 0;
  });
  if (fresh) announcer.textContent = fresh.dataset.announce;
  mark(found);
}

function whatItIs(node) {
  return `${node.className} ${node.querySelector(".finding__title").textContent}`;
}

function mark(found) {
  const marks = document.getElementById("marks");
  marks.replaceChildren(
    ...found
      .filter((node) => node.dataset.east)
      .map((node) => {
        const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
        group.setAttribute("class", node.classList.contains("finding--fault") ? "mark" : "mark mark--undetermined");
        group.setAttribute("transform", `translate(${node.dataset.east} ${-node.dataset.north})`);
        const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
        dot.setAttribute("r", "1.6");
        group.append(dot);
        return group;
      }),
  );
}

document.getElementById("follow").addEventListener("click", (event) => {
  following = !following;
  event.currentTarget.setAttribute("aria-pressed", String(following));
  if (!following) map.setAttribute("viewBox", wholeBox);
  else if (still.matches && poses.length) draw(poses.at(-1));
  else if (poses.length) draw(poses.at(-1));
});

// The button that was pressed is replaced with the panel; the keyboard stays where it was.
let pressed = null;
document.addEventListener("htmx:beforeRequest", () => (pressed = document.activeElement?.id));
document.addEventListener("htmx:afterSettle", () => pressed && document.getElementById(pressed)?.focus());

const broken = document.getElementById("connection");
const source = new EventSource(root.dataset.events);
source.addEventListener("open", () => (broken.hidden = true));
source.addEventListener("error", () => (broken.hidden = false));
source.addEventListener("state", (event) => take(JSON.parse(event.data)));
source.addEventListener("findings", (event) => takeFindings(event.data));
addEventListener("pagehide", () => source.close());

take(JSON.parse(document.getElementById("live-first").textContent));
mark([...document.querySelectorAll("#findings [data-number]")]);
requestAnimationFrame(frame);

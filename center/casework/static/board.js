// The board's plots: one for each kind of holder, a line for each desk; the same numbers stand in the tables beside them.
import uPlot from "/static/web/vendor/uPlot.esm.js";

const data = JSON.parse(document.getElementById("board-data").textContent);
const COLOURS = ["#0b5c7d", "#b3261e", "#3a5a1c", "#5b2a86", "#8a5a00", "#14232b"];
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const axis = { font: "12px system-ui, sans-serif", stroke: "#14232b", grid: { stroke: "#dfe6e9", width: 1 } };
const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: data.zone });

for (const box of document.querySelectorAll("[data-plot]")) {
  const { hours, series } = data.plots[Number(box.dataset.plot)];
  const options = {
    width: box.clientWidth,
    height: 220,
    cursor: { drag: { x: false, y: false } },
    scales: { x: { range: (_, low, high) => [low - 1800, high + 1800] }, y: { range: (_, low, high) => [0, Math.max(1, high ?? 1) * 1.1] } },
    axes: [
      { ...axis, splits: () => hours, values: (_, ticks) => ticks.map((tick) => hour.format(tick * 1000)) },
      { ...axis, size: 50 },
    ],
    series: [
      { label: data.hour, value: (_, at) => (at === null ? "–" : hour.format(at * 1000)) },
      ...series.map(({ label }, i) => ({ label, stroke: COLOURS[i % COLOURS.length], dash: DASHES[i % DASHES.length], width: 2, points: { show: true, size: 7 }, spanGaps: true })),
    ],
  };
  const plot = new uPlot(options, [hours, ...series.map(({ values }) => values)], box);
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 220 })).observe(box);
}

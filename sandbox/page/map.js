// A location tile drawn here, so that no map service is ever asked: invented streets, the same for the same place.

import { svg } from "./dom.js";

const WIDE = 264;
const HIGH = 148;

/** A picture of streets, a park and a river around a pin; its layout depends on the coordinates alone. */
export function mapTile(latitude, longitude) {
  const roll = dice(Math.round(latitude * 1e5) * 73856093 + Math.round(longitude * 1e5) * 19349663);
  const tile = svg("svg", { class: "map", viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true" });
  tile.append(svg("rect", { class: "map-land", width: WIDE, height: HIGH }));
  const turn = svg("g", { transform: `rotate(${(roll() * 34 - 17).toFixed(1)} ${WIDE / 2} ${HIGH / 2})` });
  turn.append(park(roll), ...houses(roll), river(roll), ...streets(roll));
  tile.append(turn, pin());
  return tile;
}

function dice(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function park(roll) {
  return svg("rect", {
    class: "map-park",
    x: roll() * 150,
    y: roll() * 60 - 10,
    width: 70 + roll() * 40,
    height: 46 + roll() * 30,
    rx: 9,
  });
}

function houses(roll) {
  return Array.from({ length: 26 }, () =>
    svg("rect", {
      class: "map-house",
      x: (roll() * (WIDE + 40) - 20).toFixed(0),
      y: (roll() * (HIGH + 60) - 30).toFixed(0),
      width: (12 + roll() * 20).toFixed(0),
      height: (10 + roll() * 14).toFixed(0),
      rx: 2,
    }),
  );
}

function river(roll) {
  const y = 20 + roll() * 110;
  const bend = roll() * 80 - 40;
  return svg("path", {
    class: "map-river",
    d: `M-60 ${y} C 60 ${y + bend}, 160 ${y - bend}, ${WIDE + 60} ${y + bend / 2}`,
  });
}

function streets(roll) {
  const lines = [];
  for (let x = -30 + roll() * 20; x < WIDE + 40; x += 34 + roll() * 34)
    lines.push(street(x, -70, x + roll() * 12 - 6, HIGH + 70, "map-street"));
  for (let y = -40 + roll() * 20; y < HIGH + 50; y += 30 + roll() * 26)
    lines.push(street(-70, y, WIDE + 70, y + roll() * 10 - 5, "map-street"));
  lines.push(street(-70, 50 + roll() * 60, WIDE + 70, 40 + roll() * 60, "map-avenue"));
  return lines;
}

function street(x1, y1, x2, y2, kind) {
  return svg("line", { class: kind, x1: x1.toFixed(0), y1: y1.toFixed(0), x2: x2.toFixed(0), y2: y2.toFixed(0) });
}

function pin() {
  const [x, y] = [WIDE / 2, HIGH / 2];
  const drop = `M${x} ${y + 4} c-9 -12 -15 -18 -15 -27 a15 15 0 0 1 30 0 c0 9 -6 15 -15 27 z`;
  return svg(
    "g",
    { class: "map-pin" },
    svg("ellipse", { class: "map-shade", cx: x, cy: y + 5, rx: 8, ry: 3 }),
    svg("path", { d: drop }),
    svg("circle", { cx: x, cy: y - 23, r: 5.5 }),
  );
}

// A line through points that can be dragged, the loss over weight and bias, and how optimizers go down.
import { make } from "./elements.js";
import { OPTIMIZERS } from "./optimizers.js";
import { COLOURS, DASHES, Plot } from "./plot.js";
import { word } from "./words.js";

// Around y = 2x + 1, as in the recipe.
const NOISE = [0.3, -0.2, 0.15, -0.35, 0.1, 0.25, -0.15, -0.1, 0.2, -0.2];
const START = [-1, 3];
const LEVELS = [0.02, 0.1, 0.3, 0.8, 1.8, 3.5, 6, 10];
const MANY = 20;

// `racing` shows all optimizers, each with its own path.
export function startDescent(section, racing) {
  const points = NOISE.map((noise, place) => [(place - 4.5) / 5, 2 * ((place - 4.5) / 5) + 1 + noise]);
  const start = [...START];
  const data = new Plot({ x: [-1, 1], y: [-2.5, 4.5], names: ["x", "y"], label: word("Points and line") });
  const surface = new Plot({ x: [-2, 5], y: [-2, 4], names: [word("weight"), word("bias")], label: word("Loss over weight and bias") });
  const names = Object.keys(OPTIMIZERS);
  const chosen = new Set(racing ? names : ["SGD"]);
  const rate = make("input", { type: "range", min: -2, max: 0.2, step: 0.02, value: Math.log10(racing ? 0.1 : 0.3) });
  const rateShown = make("output");
  const status = make("p", { role: "status" });
  let runs = [];

  const learningRate = () => 10 ** rate.value;

  function restart() {
    runs = [...chosen].map((name) => ({ name, step: OPTIMIZERS[name](learningRate()), path: [[...start]] }));
    show();
  }

  function advance(steps) {
    for (const run of runs) {
      for (let step = 0; step < steps; step++) run.path.push(run.step(run.path.at(-1), gradient(points, run.path.at(-1))));
    }
    show();
  }

  function show() {
    rateShown.value = learningRate().toFixed(3);
    const best = leastSquares(points);
    data.clear();
    surface.clear();
    const ends = (weights) => data.x.map((x) => [x, weights[0] * x + weights[1]]);
    data.line(ends(best), { stroke: "#888888", "stroke-width": 5, opacity: 0.5 });
    for (const level of LEVELS) surface.line(ellipse(points, best, level), { stroke: "#888888", "stroke-width": 1 });
    surface.dot(best, { fill: "#888888", r: 5 });
    for (const { name, path } of runs) {
      const place = names.indexOf(name);
      const style = { stroke: COLOURS[place], "stroke-dasharray": DASHES[place] };
      data.line(ends(path.at(-1)), style);
      surface.line(path, style);
      for (const weights of path.slice(-MANY)) surface.dot(weights, { fill: COLOURS[place], r: 2.5 });
    }
    status.textContent = [
      ...runs.map(({ name, path }) => {
        const values = { name, steps: path.length - 1, weight: path.at(-1)[0].toFixed(3), bias: path.at(-1)[1].toFixed(3) };
        const now = loss(points, path.at(-1));
        const text = word("{name}, step {steps}: weight {weight}, bias {bias}, loss {loss}", { ...values, loss: now.toPrecision(4) });
        return now > loss(points, path[0]) ? `${text} ${word("(it grows: the step is too large)")}` : text;
      }),
      word("least squares: loss {loss}", { loss: loss(points, best).toPrecision(4) }),
    ].join("\n");
  }

  points.forEach((point, place) => data.handle(point, word("point {number}", { number: place + 1 }), { fill: "#56b4e9" }, show));
  surface.handle(start, word("start"), { fill: "#e69f00" }, restart);
  rate.addEventListener("input", restart);
  const button = (text, act) => Object.assign(make("button", { type: "button" }, text), { onclick: act });
  const boxes = names.map((name, place) => {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(name);
      else chosen.delete(name);
      restart();
    });
    const label = make("label", {}, box, ` ${name}`);
    label.style.borderBottom = `3px solid ${COLOURS[place]}`;
    return label;
  });
  section.append(
    make("p", {}, word("Drag the points and the start, or move them with the arrow keys. Grey: the best line.")),
    make("div", { className: "kt-live-row" }, data.element, surface.element),
    make("p", { className: "kt-live-row" }, make("label", {}, `${word("learning rate")} `, rate), rateShown, ...(racing ? boxes : [])),
    make("p", { className: "kt-live-row" }, button(word("One step"), () => advance(1)), button(word("{count} steps", { count: MANY }), () => advance(MANY)), button(word("Start again"), restart)),
    status,
  );
  restart();
}

const errors = (points, [weight, bias]) => points.map(([x, y]) => weight * x + bias - y);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const loss = (points, weights) => mean(errors(points, weights).map((error) => error ** 2));

export function gradient(points, weights) {
  const error = errors(points, weights);
  return [2 * mean(error.map((one, place) => one * points[place][0])), 2 * mean(error)];
}

export function leastSquares(points) {
  const [x, y] = [0, 1].map((side) => mean(points.map((point) => point[side])));
  const spread = mean(points.map((point) => (point[0] - x) ** 2));
  const weight = spread ? mean(points.map((point) => (point[0] - x) * (point[1] - y))) / spread : 0;
  return [weight, y - weight * x];
}

// Where the loss lies so much above its lowest: the loss is square, so this is an ellipse.
function ellipse(points, [weight, bias], level) {
  const x = mean(points.map((point) => point[0]));
  const spread = Math.sqrt(Math.max(mean(points.map((point) => (point[0] - x) ** 2)), 1e-9));
  return Array.from({ length: 73 }, (_, step) => {
    const [along, up] = [Math.cos((step * Math.PI) / 36), Math.sin((step * Math.PI) / 36)].map((side) => side * Math.sqrt(level));
    return [weight + along / spread, bias + up - (x * along) / spread];
  });
}

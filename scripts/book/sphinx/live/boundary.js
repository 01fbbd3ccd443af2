// One sigmoid unit between two classes of points that can be dragged.
import { make } from "./elements.js";
import { COLOURS, Plot } from "./plot.js";
import { word } from "./words.js";

const POINTS = [
  [-1.6, -0.4, 0], [-0.9, -1.2, 0], [-1.2, 0.6, 0], [-0.3, -0.5, 0], [-0.6, 1.4, 0], [0.5, -1.4, 0], [-2, 0.9, 0], [0.4, 0.3, 0],
  [1.5, 0.5, 1], [0.8, 1.3, 1], [1.2, -0.6, 1], [0.2, 0.9, 1], [1.9, -1.1, 1], [0.6, -0.2, 1], [2, 1.5, 1], [-0.5, 0.2, 1],
];
const STEPS = 25; // of Newton's method

export function startBoundary(section) {
  const points = POINTS.map((point) => [...point]);
  const plot = new Plot({ x: [-3, 3], y: [-3, 3], names: ["x₁", "x₂"], label: word("Two classes of points and the border between them"), width: 420, height: 400 });
  const strength = make("input", { type: "range", min: -4, max: 0, step: 0.1, value: -2 });
  const strengthShown = make("output");
  const status = make("p", { role: "status" });

  function show() {
    const penalty = 10 ** strength.value;
    strengthShown.value = penalty.toPrecision(2);
    const weights = newton(points, penalty);
    const [across, up, bias] = weights;
    plot.clear();
    // The border, and where the probability is a quarter and three quarters.
    for (const [share, style] of [[0.25, { "stroke-dasharray": "4 4" }], [0.5, { "stroke-width": 3 }], [0.75, { "stroke-dasharray": "4 4" }]]) {
      const level = Math.log(share / (1 - share)) - bias;
      const length = across ** 2 + up ** 2 || 1;
      const middle = [(level * across) / length, (level * up) / length];
      plot.line([-20, 20].map((far) => [middle[0] - far * up, middle[1] + far * across]), { stroke: COLOURS[2], ...style });
    }
    const right = points.filter((point) => probability(point, weights) > 0.5 === Boolean(point[2])).length;
    const values = { loss: loss(points, weights).toFixed(4), right, all: points.length, weights: weights.map((one) => one.toFixed(2)).join(", ") };
    status.textContent = word("weights and bias {weights}; loss {loss}; {right} of {all} right", values);
  }

  points.forEach((point, place) => {
    const style = { fill: COLOURS[point[2]], "stroke-width": point[2] ? 3 : 1 };
    plot.handle(point, word("point {number} of class {label}", { number: place + 1, label: point[2] }), style, show);
  });
  strength.addEventListener("input", show);
  section.append(
    make("p", {}, word("Drag a point, or move it with the arrow keys: the border and its loss follow. Dashed: where the probability is 25% and 75%.")),
    make("div", { className: "kt-live-row" }, plot.element),
    make("p", { className: "kt-live-row" }, make("label", {}, `${word("L2 penalty λ")} `, strength), strengthShown),
    status,
  );
  show();
}

export function probability([x, y], [across, up, bias]) {
  return 1 / (1 + Math.exp(-(across * x + up * y + bias)));
}

// Binary cross entropy, without the penalty.
export function loss(points, weights) {
  const terms = points.map((point) => {
    const chance = Math.min(Math.max(probability(point, weights), 1e-7), 1 - 1e-7);
    return -Math.log(point[2] ? chance : 1 - chance);
  });
  return terms.reduce((sum, term) => sum + term) / points.length;
}

// The best weights for cross entropy and penalty * |weights|²; the bias is free.
export function newton(points, penalty) {
  let weights = [0, 0, 0];
  for (let step = 0; step < STEPS; step++) {
    const slope = [2 * penalty * weights[0], 2 * penalty * weights[1], 0];
    const curve = [[2 * penalty, 0, 0], [0, 2 * penalty, 0], [0, 0, 1e-9]];
    for (const point of points) {
      const row = [point[0], point[1], 1];
      const chance = probability(point, weights);
      row.forEach((one, i) => {
        slope[i] += ((chance - point[2]) * one) / points.length;
        row.forEach((other, j) => (curve[i][j] += (chance * (1 - chance) * one * other) / points.length));
      });
    }
    const change = solved(curve, slope);
    weights = weights.map((weight, place) => weight - change[place]);
  }
  return weights;
}

// Three equations, by Cramer's rule.
function solved(matrix, right) {
  const minor = ([a, b, c]) => a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
  const whole = minor(matrix);
  return right.map((_, place) => minor(matrix.map((row, line) => row.map((value, column) => (column === place ? right[line] : value)))) / whole);
}

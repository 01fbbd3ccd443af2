// The best weights under an L1 and an L2 penalty: where the loss's contours meet diamond and circle.
import { make } from "./elements.js";
import { COLOURS, DASHES, Plot } from "./plot.js";
import { word } from "./words.js";

// Loss = 1/2 (w - best) · CURVE (w - best); the reader moves `best`.
const CURVE = [[1, 0.6], [0.6, 1.5]];
const LEVELS = [0.05, 0.2, 0.5, 1, 1.8, 3];
const ROUNDS = 200;

export function startPenalty(section) {
  const best = [1.6, 0.2];
  const plot = new Plot({ x: [-2, 3], y: [-2, 2.5], names: ["w₁", "w₂"], label: word("Contours of the loss, a circle and a diamond"), width: 440, height: 420 });
  const strength = make("input", { type: "range", min: 0, max: 3, step: 0.01, value: 0.8 });
  const strengthShown = make("output");
  const status = make("p", { role: "status" });

  function show() {
    const factor = Number(strength.value);
    strengthShown.value = factor.toFixed(2);
    plot.clear();
    for (const level of LEVELS) plot.line(contour(best, level), { stroke: "#888888", "stroke-width": 1 });
    const ridge = withSquares(best, factor);
    const lasso = withAmounts(best, factor);
    const radius = Math.hypot(...ridge);
    const reach = Math.abs(lasso[0]) + Math.abs(lasso[1]);
    const circle = Array.from({ length: 73 }, (_, step) => [radius * Math.cos((step * Math.PI) / 36), radius * Math.sin((step * Math.PI) / 36)]);
    const diamond = [[reach, 0], [0, reach], [-reach, 0], [0, -reach]];
    plot.area(circle, { fill: COLOURS[0], "fill-opacity": 0.15, stroke: COLOURS[0] });
    plot.area(diamond, { fill: COLOURS[1], "fill-opacity": 0.15, stroke: COLOURS[1], "stroke-dasharray": DASHES[1] });
    plot.dot(ridge, { fill: COLOURS[0], r: 5 });
    plot.dot(lasso, { fill: COLOURS[1], r: 5 });
    const told = (weights) => ({
      weights: weights.map((weight) => weight.toFixed(2)).join(", "),
      zeros: weights.filter((weight) => weight === 0).length,
    });
    status.textContent = [
      word("L2, the circle: weights {weights}; {zeros} of 2 are exactly 0", told(ridge)),
      word("L1, the diamond: weights {weights}; {zeros} of 2 are exactly 0", told(lasso)),
    ].join("\n");
  }

  plot.handle(best, word("best weights without a penalty"), { fill: "#e69f00" }, show);
  strength.addEventListener("input", show);
  section.append(
    make("p", {}, word("Choose λ, and drag the weights that would be best without a penalty, or move them with the arrow keys.")),
    make("div", { className: "kt-live-row" }, plot.element),
    make("p", { className: "kt-live-row" }, make("label", {}, "λ ", strength), strengthShown),
    status,
  );
  show();
}

const pull = ([first, second]) => CURVE.map((row) => row[0] * first + row[1] * second);

// The lowest of loss + factor/2 |w|²: two equations.
export function withSquares(best, factor) {
  const [right, [[a, b], [c, d]]] = [pull(best), CURVE];
  const [first, last] = [a + factor, d + factor];
  const whole = first * last - b * c;
  return [(right[0] * last - b * right[1]) / whole, (first * right[1] - c * right[0]) / whole];
}

// The lowest of loss + factor (|w₁| + |w₂|): one weight at a time, pulled to 0 by factor.
export function withAmounts(best, factor) {
  const weights = [0, 0];
  const right = pull(best);
  for (let round = 0; round < ROUNDS; round++) {
    for (const place of [0, 1]) {
      const rest = right[place] - CURVE[place][1 - place] * weights[1 - place];
      weights[place] = (Math.sign(rest) * Math.max(0, Math.abs(rest) - factor)) / CURVE[place][place];
    }
  }
  return weights;
}

// Where the loss has a value, by the root of the curve.
function contour(best, level) {
  const [[a, b], [, d]] = CURVE;
  const [first, cross] = [Math.sqrt(a), b / Math.sqrt(a)];
  const last = Math.sqrt(d - cross ** 2);
  return Array.from({ length: 73 }, (_, step) => {
    const [x, y] = [Math.cos((step * Math.PI) / 36), Math.sin((step * Math.PI) / 36)].map((side) => side * Math.sqrt(2 * level));
    const second = y / last;
    return [best[0] + (x - cross * second) / first, best[1] + second];
  });
}

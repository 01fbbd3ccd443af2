// A multilayer perceptron that trains in the page on 2,000 digits, with its curves.
import { make } from "./elements.js";
import { COLOURS, DASHES, Plot } from "./plot.js";
import { word } from "./words.js";

const [PIXELS, CLASSES, TRAINING, BATCH, EPOCHS] = [784, 10, 2000, 32, 20];
const SEED = 1;

export async function startTraining(section) {
  const bytes = new Uint8Array(await (await fetch(new URL("digits.bin", import.meta.url))).arrayBuffer());
  const samples = Array.from({ length: bytes.length / (PIXELS + 1) }, (_, place) => {
    const row = bytes.subarray(place * (PIXELS + 1), (place + 1) * (PIXELS + 1));
    return { pixels: Float32Array.from(row.subarray(1), (pixel) => pixel / 255), label: row[0] };
  });
  const [training, validation] = [samples.slice(0, TRAINING), samples.slice(TRAINING)];
  const plot = (name, high) => new Plot({ x: [0, EPOCHS], y: [0, high], names: [word("epoch"), name], label: name });
  const [losses, accuracies] = [plot(word("loss"), 2.5), plot(word("accuracy"), 1)];
  const number = (name, properties) => {
    const input = make("input", { type: "number", ...properties });
    return [input, make("label", {}, `${name} `, input)];
  };
  const [units, unitsLabel] = number(word("hidden units"), { value: 64, min: 1, max: 256 });
  const [rate, rateLabel] = number(word("learning rate"), { value: 0.1, min: 0.001, max: 10, step: 0.05 });
  const button = make("button", { type: "button" }, word("Train"));
  const status = make("p", { role: "status" });

  button.addEventListener("click", async () => {
    button.disabled = true;
    const net = new Net(Math.min(256, Math.max(1, Number(units.value) || 64)), SEED);
    const history = [measured(net, training, validation)];
    for (let epoch = 0; epoch < EPOCHS && Number.isFinite(history.at(-1)[0]); epoch++) {
      for (const batch of batches(training, net.random)) net.step(batch, Number(rate.value));
      history.push(measured(net, training, validation));
      show(history);
      await new Promise((resolve) => setTimeout(resolve)); // the page draws
    }
    button.disabled = false;
  });

  function show(history) {
    for (const [plot, first] of [[losses, 0], [accuracies, 2]]) {
      plot.clear();
      for (const side of [0, 1]) {
        plot.line(history.map((row, epoch) => [epoch, row[first + side]]), { stroke: COLOURS[side], "stroke-dasharray": DASHES[side] });
      }
    }
    const [loss, validationLoss, accuracy, validationAccuracy] = history.at(-1).map((value) => value.toFixed(3));
    status.textContent = Number.isFinite(history.at(-1)[0])
      ? word("epoch {epoch}: loss {loss}, accuracy {accuracy}; validation loss {validationLoss}, accuracy {validationAccuracy}", { epoch: history.length - 1, loss, accuracy, validationLoss, validationAccuracy })
      : word("The loss is no number any more: the learning rate is too high.");
  }

  section.append(
    make("p", {}, word("2,000 digits to train on, 500 to validate; blue: training, dashed orange: validation.")),
    make("p", { className: "kt-live-row" }, unitsLabel, rateLabel, button),
    make("div", { className: "kt-live-row" }, losses.element, accuracies.element),
    status,
  );
}

// Numbers from 0 to 1, the same for the same seed.
export function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function* batches(samples, random) {
  const order = [...samples];
  for (let place = order.length - 1; place > 0; place--) {
    const other = Math.floor(random() * (place + 1));
    [order[place], order[other]] = [order[other], order[place]];
  }
  for (let start = 0; start < order.length; start += BATCH) yield order.slice(start, start + BATCH);
}

// One hidden layer with ReLU, softmax, and cross entropy.
export class Net {
  constructor(units, seed, pixels = PIXELS) {
    this.random = numbers(seed);
    const drawn = (rows, columns) => {
      const bound = Math.sqrt(6 / (rows + columns)); // Glorot's
      return Float32Array.from({ length: rows * columns }, () => (2 * this.random() - 1) * bound);
    };
    Object.assign(this, { units, pixels, first: drawn(pixels, units), last: drawn(units, CLASSES) });
    this.biases = [new Float32Array(units), new Float32Array(CLASSES)];
  }

  forward(pixels) {
    const hidden = Float32Array.from(this.biases[0]);
    for (let pixel = 0; pixel < this.pixels; pixel++) {
      const value = pixels[pixel];
      if (!value) continue;
      for (let unit = 0; unit < this.units; unit++) hidden[unit] += value * this.first[pixel * this.units + unit];
    }
    const scores = Float64Array.from(this.biases[1]);
    for (let unit = 0; unit < this.units; unit++) {
      hidden[unit] = Math.max(hidden[unit], 0);
      for (let one = 0; one < CLASSES; one++) scores[one] += hidden[unit] * this.last[unit * CLASSES + one];
    }
    const most = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - most));
    const sum = powers.reduce((total, power) => total + power);
    return { hidden, chances: powers.map((power) => power / sum) };
  }

  // Backpropagation, and one step of gradient descent on the mean over the batch.
  step(batch, rate) {
    const slopes = [this.first, this.last, ...this.biases].map((weights) => new Float32Array(weights.length));
    const [first, last, hiddenBias, lastBias] = slopes;
    for (const { pixels, label } of batch) {
      const { hidden, chances } = this.forward(pixels);
      chances[label] -= 1;
      const back = new Float32Array(this.units);
      for (let unit = 0; unit < this.units; unit++) {
        for (let one = 0; one < CLASSES; one++) {
          last[unit * CLASSES + one] += hidden[unit] * chances[one];
          if (hidden[unit] > 0) back[unit] += this.last[unit * CLASSES + one] * chances[one];
        }
        hiddenBias[unit] += back[unit];
      }
      for (let one = 0; one < CLASSES; one++) lastBias[one] += chances[one];
      for (let pixel = 0; pixel < this.pixels; pixel++) {
        const value = pixels[pixel];
        if (!value) continue;
        for (let unit = 0; unit < this.units; unit++) first[pixel * this.units + unit] += value * back[unit];
      }
    }
    [this.first, this.last, ...this.biases].forEach((weights, place) => {
      for (let at = 0; at < weights.length; at++) weights[at] -= (rate / batch.length) * slopes[place][at];
    });
  }
}

// Loss of training and validation, then accuracy of both.
function measured(net, training, validation) {
  const of = (samples) => {
    let [loss, right] = [0, 0];
    for (const { pixels, label } of samples) {
      const { chances } = net.forward(pixels);
      loss -= Math.log(Math.max(chances[label], 1e-7)) / samples.length;
      right += chances.indexOf(Math.max(...chances)) === label;
    }
    return [loss, right / samples.length];
  };
  const [[loss, accuracy], [validationLoss, validationAccuracy]] = [of(training), of(validation)];
  return [loss, validationLoss, accuracy, validationAccuracy];
}

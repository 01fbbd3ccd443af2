// What the gates of the trained LSTM do at each token of a text that is typed.
import { make } from "./elements.js";
import { lettersOf } from "./encoding.js";
import { word } from "./words.js";

const EXAMPLE = "味道很好，可惜房间又小又吵。";
const LONGEST = 60; // characters
const BLUE = "0, 114, 178";

export async function startGates(section) {
  const folder = new URL("nets/text-lstm/", import.meta.url);
  const { units, size, tokens } = await (await fetch(new URL("gates.json", folder))).json();
  const numbers = new Float32Array(await (await fetch(new URL("gates.bin", folder))).arrayBuffer());
  const encode = await lettersOf(folder);
  let from = 0;
  const take = (count) => numbers.subarray(from, (from += count));
  const vectors = take(tokens * size);
  const weights = { units, kernel: take(size * 4 * units), recurrent: take(units * 4 * units), bias: take(4 * units) };
  const area = make("textarea", { rows: 2, maxLength: LONGEST, value: EXAMPLE, ariaLabel: word("Text") });
  const table = make("table", {});

  function show() {
    const rows = encode(area.value).filter((token) => token > 0);
    const pairs = pairsOf(area.value).slice(0, rows.length);
    const steps = read(rows.map((token) => vectors.subarray(token * size, (token + 1) * size)), weights);
    const lines = [
      [word("input gate: what is taken in"), "input"],
      [word("forget gate: what is kept"), "forget"],
      [word("output gate: what is shown"), "output"],
      [word("cell: size of what is kept"), "cell"],
    ];
    const head = make("tr", {}, make("th", {}), ...pairs.map((pair) => make("th", { scope: "col" }, pair)));
    const body = lines.map(([name, key]) => make("tr", {}, make("th", { scope: "row" }, name), ...steps.map((step) => shaded(average(step[key])))));
    table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
  }

  area.addEventListener("input", show);
  section.append(make("p", {}, word("Each column is a pair of characters, read from left to right; each number is the mean over {units} units.", { units })), area, make("div", { className: "kt-wide kt-gates", tabIndex: 0 }, table));
  show();
}

const average = (values) => values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;

function shaded(value) {
  const cell = make("td", {}, value.toFixed(2));
  cell.style.background = `rgba(${BLUE}, ${Math.min(value, 1) * 0.7})`;
  return cell;
}

// The pairs of neighbours, without punctuation, as the net reads them.
function pairsOf(text) {
  const characters = [...text.replace(/[!-/:-@[-`{-~]/g, "")];
  return characters.slice(1).map((character, place) => characters[place] + character);
}

const sigmoid = (value) => 1 / (1 + Math.exp(-value));

// An LSTM as Keras has it: input, forget, candidate and output lie side by side in its weights.
export function read(vectors, { units, kernel, recurrent, bias }) {
  let [state, cell] = [new Float64Array(units), new Float64Array(units)];
  return vectors.map((vector) => {
    const sums = Float64Array.from(bias);
    const add = (values, matrix) => values.forEach((value, row) => {
      for (let place = 0; place < sums.length; place++) sums[place] += value * matrix[row * sums.length + place];
    });
    add(vector, kernel);
    add(state, recurrent);
    const quarter = (number, change) => sums.slice(number * units, (number + 1) * units).map(change);
    const [input, forget, candidate, output] = [quarter(0, sigmoid), quarter(1, sigmoid), quarter(2, Math.tanh), quarter(3, sigmoid)];
    cell = cell.map((value, unit) => forget[unit] * value + input[unit] * candidate[unit]);
    state = cell.map((value, unit) => output[unit] * Math.tanh(value));
    return { input, forget, output, cell, state };
  });
}

// Step through a convolution: the products under the window and their sum; the kernel can be edited.
import { make } from "./elements.js";
import { word } from "./words.js";

// A 7 of nine rows and columns.
const PICTURE = ["000000000", "011111110", "011111110", "000001100", "000011000", "000110000", "001100000", "001100000", "000000000"];
const KERNELS = {
  "vertical edge": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  "horizontal edge": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  mean: [1, 1, 1, 1, 1, 1, 1, 1, 1].map((one) => one / 9),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
};
const SIDE = 3;

export function startConvolution(section) {
  const picture = PICTURE.map((row) => [...row].map(Number));
  let kernel = [...KERNELS["vertical edge"]];
  let place = 0; // of the window, in the order of reading
  const number = (name, values) => {
    const list = make("select", {}, ...values.map((value) => make("option", { value }, value)));
    list.addEventListener("change", restart);
    return [list, make("label", {}, `${name} `, list)];
  };
  const [stride, strideLabel] = number(word("stride"), [1, 2, 3]);
  const [padding, paddingLabel] = number(word("padding"), ["valid", "same"]);
  const names = { "vertical edge": word("vertical edge"), "horizontal edge": word("horizontal edge"), mean: word("mean"), sharpen: word("sharpen") };
  const kinds = make("select", {}, ...Object.keys(KERNELS).map((value) => make("option", { value }, names[value])));
  kinds.addEventListener("change", () => {
    kernel = [...KERNELS[kinds.value]];
    inputs.forEach((input, at) => (input.value = +kernel[at].toFixed(3)));
    show();
  });
  const inputs = kernel.map((value, at) => {
    const input = make("input", { type: "number", step: 0.5, value, ariaLabel: word("kernel, row {row}, column {column}", { row: Math.floor(at / SIDE) + 1, column: (at % SIDE) + 1 }) });
    input.addEventListener("input", () => {
      kernel[at] = Number(input.value);
      show();
    });
    return input;
  });
  const [before, after] = [make("table"), make("table")];
  const sum = make("p", { role: "status" });
  const button = (text, step) => Object.assign(make("button", { type: "button" }, text), { onclick: () => move(step) });

  function restart() {
    place = 0;
    show();
  }

  function move(step) {
    const { height, width } = convolved(picture, kernel, Number(stride.value), padding.value);
    place = (place + step + height * width) % (height * width);
    show();
  }

  function show() {
    const found = convolved(picture, kernel, Number(stride.value), padding.value);
    const [row, column] = [Math.floor(place / found.width), place % found.width];
    const [top, left] = [row * stride.value - found.top, column * stride.value - found.left];
    const inside = (y, x) => y >= top && y < top + SIDE && x >= left && x < left + SIDE;
    const { length } = picture;
    // What padding adds is shown as well: pixels of 0 around the picture.
    const edge = (first) => Array.from({ length: length + found.added }, (_, at) => at - first);
    const rows = edge(found.top).map((y) => edge(found.left).map((x) => [picture[y]?.[x] ?? 0, inside(y, x), picture[y]?.[x] === undefined]));
    fill(before, rows, (value) => 255 * value);
    const values = found.values.map((line, y) => line.map((value, x) => [value, y === row && x === column, false]));
    const most = Math.max(1e-9, ...found.values.flat().map(Math.abs));
    fill(after, values, (value) => 127 + (127 * value) / most);
    const terms = kernel.map((weight, at) => {
      const pixel = picture[top + Math.floor(at / SIDE)]?.[left + (at % SIDE)] ?? 0;
      return `${pixel}·${weight < 0 ? `(${+weight.toFixed(2)})` : +weight.toFixed(2)}`;
    });
    const values_ = { row: row + 1, column: column + 1, sum: +found.values[row][column].toFixed(3) };
    sum.textContent = `${word("row {row}, column {column} of the feature map:", values_)}\n${terms.join(" + ")} = ${values_.sum}`;
  }

  section.append(
    make("p", { className: "kt-live-row" }, strideLabel, paddingLabel, make("label", {}, `${word("kernel")} `, kinds)),
    make(
      "div",
      { className: "kt-live-row kt-grids" },
      make("div", {}, make("b", {}, word("picture")), before),
      make("div", {}, make("b", {}, word("kernel")), make("div", { className: "kt-kernel" }, ...inputs)),
      make("div", {}, make("b", {}, word("feature map")), after),
    ),
    make("p", { className: "kt-live-row" }, button(word("Previous step"), -1), button(word("Next step"), 1)),
    sum,
  );
  show();
}

function fill(table, rows, shade) {
  const cells = rows.map((row) =>
    make("tr", {}, ...row.map(([value, chosen, added]) => {
      const cell = make("td", { className: [chosen && "kt-chosen", added && "kt-added-pixel"].filter(Boolean).join(" ") }, +value.toFixed(1));
      const grey = Math.round(shade(value));
      Object.assign(cell.style, { background: `rgb(${grey}, ${grey}, ${grey})`, color: grey > 127 ? "#000" : "#fff" });
      return cell;
    })),
  );
  table.replaceChildren(make("tbody", {}, ...cells));
}

// As Keras convolves: with "same" as many zeros around it as the window needs, one more behind.
export function convolved(picture, kernel, stride, padding) {
  const { length } = picture;
  const size = padding === "same" ? Math.ceil(length / stride) : Math.floor((length - SIDE) / stride) + 1;
  const added = padding === "same" ? Math.max(0, (size - 1) * stride + SIDE - length) : 0;
  const first = Math.floor(added / 2);
  const at = (y, x) => picture[y - first]?.[x - first] ?? 0;
  const sides = Array.from({ length: size }, (_, place) => place * stride);
  const values = sides.map((y) => sides.map((x) => kernel.reduce((sum, weight, place) => sum + weight * at(y + Math.floor(place / SIDE), x + (place % SIDE)), 0)));
  return { values, height: size, width: size, added, top: first, left: first };
}

// Lines and squares of the paper, told from strokes: they are long, straight and thin.
// The same steps as kerastut/digits/lines.py.
import { highest, lowest, mask, median, transposed } from "./pixels.js";

const [LEAN, STEP] = [26, 0.5];
const [LENGTH, WHOLE, SLENDER, THICK] = [0.35, 0.6, 25, 0.02];
const SMALLEST = 60;

export function lines(weak) {
  const found = mask(weak.height, weak.width);
  if (Math.min(weak.height, weak.width) <= SMALLEST) return found;
  const level = across(weak);
  const upright = transposed(across(transposed(weak)));
  for (let place = 0; place < found.data.length; place++) found.data[place] = level.data[place] | upright.data[place];
  return found;
}

// For each slope pixels are counted along it; a stroke that is crossed stays, for it is thicker.
function across(weak) {
  const { height, width } = weak;
  const found = mask(height, width);
  const [least, most] = [LENGTH * Math.max(height, width), Math.max(3, THICK * Math.min(height, width))];
  const [rows, columns, thick] = [[], [], []];
  const length = runs(weak);
  for (let place = 0; place < length.length; place++) {
    if (!length[place] || length[place] > most) continue;
    rows.push(Math.floor(place / width));
    columns.push(place % width);
    thick.push(length[place]);
  }
  const places = new Int32Array(rows.length);
  const size = height + 2 * width;
  for (let lean = -LEAN; lean <= LEAN; lean += STEP) {
    const slope = Math.tan((lean * Math.PI) / 180);
    const counts = new Int32Array(size);
    for (let one = 0; one < rows.length; one++) {
      places[one] = Math.round(rows[one] - slope * (columns[one] - width / 2)) + width;
      counts[places[one]]++;
    }
    const peaks = [];
    for (let place = 1; place < size - 1; place++) {
      if (counts[place - 1] + counts[place] + counts[place + 1] >= WHOLE * least) peaks.push(place);
    }
    if (!peaks.length) continue;
    const at = new Map();
    for (const peak of peaks) for (const place of [peak - 1, peak, peak + 1]) at.set(place, []);
    places.forEach((place, one) => at.get(place)?.push(one));
    for (const peak of peaks) {
      const near = [peak - 1, peak, peak + 1].flatMap((place) => at.get(place));
      const where = near.map((one) => columns[one]);
      const long = highest(where) - lowest(where);
      if (new Set(where).size < WHOLE * Math.max(long, least)) continue;
      const wide = median(near.map((one) => thick[one]));
      if (long < Math.max(least, SLENDER * wide)) continue;
      for (const one of near) if (thick[one] <= 1.6 * wide + 1) found.data[rows[one] * width + columns[one]] = 1;
    }
  }
  return found;
}

// The length of the vertical run that each pixel lies in; 0 elsewhere.
export function runs({ height, width, data }) {
  const found = new Int32Array(data.length);
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      let end = row;
      while (end < height && data[end * width + column]) end++;
      for (let place = row; place < end; place++) found[place * width + column] = end - row;
      row = end;
    }
  }
  return found;
}

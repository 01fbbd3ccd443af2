// Lines and squares of the paper, told from strokes: they are long, straight and thin.
// The same steps as kerastut/digits/lines.py.
import { highest, lowest, mask, median, transposed } from "./pixels.js";

const [LEAN, STEP] = [26, 0.25];
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

// For each slope the middles of a line's vertical runs are counted along it; a stroke that is crossed
// stays, for it is thicker.
function across(weak) {
  const { height, width } = weak;
  const found = mask(height, width);
  const [least, most] = [LENGTH * Math.max(height, width), Math.max(3, THICK * Math.min(height, width))];
  const thin = runs(weak).filter(({ length }) => length <= most);
  const places = new Int32Array(thin.length);
  const size = height + 2 * width;
  for (let lean = -LEAN; lean <= LEAN; lean += STEP) {
    const slope = Math.tan((lean * Math.PI) / 180);
    const counts = new Int32Array(size);
    thin.forEach(({ row, column, length }, one) => {
      places[one] = Math.trunc(row + length / 2 - slope * (column - width / 2) + width);
      counts[places[one]]++;
    });
    const peaks = [];
    for (let place = 1; place < size - 1; place++) {
      if (counts[place - 1] + counts[place] + counts[place + 1] >= WHOLE * least) peaks.push(place);
    }
    if (!peaks.length) continue;
    const at = new Map();
    for (const peak of peaks) for (const place of [peak - 1, peak, peak + 1]) at.set(place, []);
    places.forEach((place, one) => at.get(place)?.push(thin[one]));
    for (const peak of peaks) {
      const near = [peak - 1, peak, peak + 1].flatMap((place) => at.get(place));
      const where = near.map(({ column }) => column);
      const long = highest(where) - lowest(where);
      if (new Set(where).size < WHOLE * Math.max(long, least)) continue;
      const wide = median(near.map(({ length }) => length));
      if (long < Math.max(least, SLENDER * wide)) continue;
      for (const { row, column, length } of near) {
        if (length > 1.6 * wide + 1) continue;
        for (let down = row; down < row + length; down++) found.data[down * width + column] = 1;
      }
    }
  }
  return found;
}

// Where vertical runs start, and how long they are.
export function runs({ height, width, data }) {
  const found = [];
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      let end = row;
      while (end < height && data[end * width + column]) end++;
      if (end > row) found.push({ row, column, length: end - row });
      row = end;
    }
  }
  return found;
}

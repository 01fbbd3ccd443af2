// What kerastut/digits takes from NumPy, SciPy and Pillow, in the same order of the same steps.
// A plane is { height, width, data }: row by row, a Float32Array of shades or a Uint8Array of 0 and 1.

export const plane = (height, width, data) => ({ height, width, data });
export const shades = (height, width) => plane(height, width, new Float32Array(height * width));
export const mask = (height, width) => plane(height, width, new Uint8Array(height * width));

// Python rounds a half to the even neighbour.
export function round(value) {
  const whole = Math.floor(value);
  const rest = value - whole;
  if (rest !== 0.5) return Math.round(value);
  return whole % 2 === 0 ? whole : whole + 1;
}

export const odd = (value) => value | 1;
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The loops below are plain ones where every pixel passes: they are many times faster than callbacks.
export function map({ height, width, data }, change) {
  const found = new data.constructor(data.length);
  for (let place = 0; place < data.length; place++) found[place] = change(data[place], place);
  return plane(height, width, found);
}

export function above({ height, width, data }, bound) {
  const found = mask(height, width);
  for (let place = 0; place < data.length; place++) found.data[place] = data[place] > bound ? 1 : 0;
  return found;
}

export function highest(values) {
  let found = -Infinity;
  for (const value of values) if (value > found) found = value;
  return found;
}

export function lowest(values) {
  let found = Infinity;
  for (const value of values) if (value < found) found = value;
  return found;
}

export function median(values) {
  const sorted = Float32Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

export function transposed({ height, width, data }) {
  const turned = new data.constructor(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) turned[column * height + row] = data[row * width + column];
  }
  return plane(width, height, turned);
}

export function part({ width, data }, top, left, bottom, right) {
  const cut = new data.constructor((bottom - top) * (right - left));
  for (let row = top; row < bottom; row++) {
    cut.set(data.subarray(row * width + left, row * width + right), (row - top) * (right - left));
  }
  return plane(bottom - top, right - left, cut);
}

// Along rows, then along columns.
const bothWays = (one, along) => transposed(along(transposed(along(one))));

export function smoothed(one, sigma) {
  const radius = Math.floor(3 * sigma + 0.5);
  if (!radius) return one;
  const weights = Array.from({ length: 2 * radius + 1 }, (_, place) => Math.exp(-0.5 * ((place - radius) / sigma) ** 2));
  const sum = weights.reduce((total, weight) => total + weight);
  return bothWays(one, ({ height, width, data }) => {
    const found = new Float32Array(data.length);
    // Beyond an edge the picture is mirrored.
    const inside = (column) => (column < 0 ? -column - 1 : column >= width ? 2 * width - column - 1 : column);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        let total = 0;
        for (let step = -radius; step <= radius; step++) {
          total += (weights[step + radius] / sum) * data[row * width + inside(column + step)];
        }
        found[row * width + column] = total;
      }
    }
    return plane(height, width, found);
  });
}

// The largest value of a square window, or with -1 the smallest: a queue holds the places that may
// still be it.
function extreme(one, window, sign) {
  const radius = window >> 1;
  return bothWays(one, ({ height, width, data }) => {
    const found = new Float32Array(data.length);
    const queue = new Int32Array(width);
    for (let row = 0; row < height; row++) {
      const start = row * width;
      let first = 0;
      let last = 0;
      for (let column = 0; column < width + radius; column++) {
        if (column < width) {
          while (last > first && sign * data[start + queue[last - 1]] <= sign * data[start + column]) last--;
          queue[last++] = column;
        }
        const centre = column - radius;
        if (centre < 0) continue;
        while (queue[first] < centre - radius) first++;
        found[start + centre] = data[start + queue[first]];
      }
    }
    return plane(height, width, found);
  });
}

export const maximum = (one, window) => extreme(one, window, 1);
export const minimum = (one, window) => extreme(one, window, -1);

// The value that would stand at a place if the values were sorted; moves them.
function selected(values, place) {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left <= right) {
        const kept = values[left];
        values[left++] = values[right];
        values[right--] = kept;
      }
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place];
}

// The median of a square window; beyond an edge lies the pixel of the edge.
export function medians({ height, width, data }, window) {
  const found = shades(height, width);
  const radius = window >> 1;
  const around = new Float32Array(window * window);
  const middle = around.length >> 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let count = 0;
      for (let y = row - radius; y <= row + radius; y++) {
        const start = clamp(y, 0, height - 1) * width;
        for (let x = column - radius; x <= column + radius; x++) around[count++] = data[start + clamp(x, 0, width - 1)];
      }
      found.data[row * width + column] = selected(around, middle);
    }
  }
  return found;
}

// As Pillow resizes bilinearly: weighted means where it becomes smaller.
export function resized(one, height, width) {
  return transposed(stretched(transposed(stretched(one, width)), height));
}

function stretched({ height, width, data }, length) {
  if (length === width) return plane(height, width, data);
  const found = new Float32Array(height * length);
  const scale = width / length;
  const reach = Math.max(scale, 1);
  for (let place = 0; place < length; place++) {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(width, Math.floor(centre + reach + 0.5));
    const weights = [];
    for (let at = first; at < end; at++) weights.push(Math.max(0, 1 - Math.abs((at - centre + 0.5) / reach)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let row = 0; row < height; row++) {
      let total = 0;
      for (let at = first; at < end; at++) total += data[row * width + at] * (weights[at - first] / sum);
      found[row * length + place] = total;
    }
  }
  return plane(height, length, found);
}

// As Pillow rotates bilinearly to the left, with room for the corners.
export function rotated({ height, width, data }, degrees) {
  const angle = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const across = (x, y) => cos * x + sin * y;
  const down = (x, y) => -sin * x + cos * y;
  const left = width / 2 - across(width / 2, height / 2);
  const top = height / 2 - down(width / 2, height / 2);
  const corners = [[0, 0], [width, 0], [width, height], [0, height]];
  const span = (values) => Math.ceil(highest(values)) - Math.floor(lowest(values));
  const wide = span(corners.map(([x, y]) => across(x, y) + left));
  const high = span(corners.map(([x, y]) => down(x, y) + top));
  const found = shades(high, wide);
  const shiftX = across(-(wide - width) / 2, -(high - height) / 2) + left;
  const shiftY = down(-(wide - width) / 2, -(high - height) / 2) + top;
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const x = across(column + 0.5, row + 0.5) + shiftX;
      const y = down(column + 0.5, row + 0.5) + shiftY;
      if (x < 0 || x >= width || y < 0 || y >= height) continue;
      const [fromX, fromY] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
      const at = (line, place) => data[clamp(line, 0, height - 1) * width + clamp(place, 0, width - 1)];
      const between = (line) => at(line, fromX) + (at(line, fromX + 1) - at(line, fromX)) * (x - 0.5 - fromX);
      const upper = between(fromY);
      found.data[row * wide + column] = upper + (between(fromY + 1) - upper) * (y - 0.5 - fromY);
    }
  }
  return found;
}

// Grows a mask by its four neighbours, so many times.
export function dilated(one, times) {
  let from = one;
  for (let time = 0; time < times; time++) {
    const { height, width, data } = from;
    const grown = Uint8Array.from(data);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const place = row * width + column;
        if (!data[place]) continue;
        if (row) grown[place - width] = 1;
        if (row < height - 1) grown[place + width] = 1;
        if (column) grown[place - 1] = 1;
        if (column < width - 1) grown[place + 1] = 1;
      }
    }
    from = plane(height, width, grown);
  }
  return from;
}

// Numbers what is connected, corners included, from 1 on in the order of reading.
export function labelled({ height, width, data }) {
  const labels = new Int32Array(data.length);
  const boxes = [];
  const stack = [];
  for (let start = 0; start < data.length; start++) {
    if (!data[start] || labels[start]) continue;
    const number = boxes.length + 1;
    const box = [height, width, 0, 0];
    let area = 0;
    labels[start] = number;
    stack.push(start);
    while (stack.length) {
      const place = stack.pop();
      const row = Math.floor(place / width);
      const column = place - row * width;
      area++;
      box[0] = Math.min(box[0], row);
      box[1] = Math.min(box[1], column);
      box[2] = Math.max(box[2], row + 1);
      box[3] = Math.max(box[3], column + 1);
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const near = y * width + x;
          if (data[near] && !labels[near]) {
            labels[near] = number;
            stack.push(near);
          }
        }
      }
    }
    boxes.push({ box, area });
  }
  return { labels: plane(height, width, labels), boxes };
}

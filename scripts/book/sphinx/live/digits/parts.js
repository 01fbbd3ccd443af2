// Connected parts of ink, joined into digits; what lies along the picture's edges is none.
// The same steps as kerastut/digits/parts.py. A box is top, left, bottom, right.
import { labelled } from "./pixels.js";

const TOUCH = 0.3;
const [NEAR, LONG, THIN] = [0.04, 0.75, 0.13];
const [PART, PIECE] = [0.012, 0.12];
const [BREAK, ABOVE, BESIDE] = [0.04, 0.25, 0.07];

export class Part {
  constructor(numbers, box, area) {
    Object.assign(this, { numbers, box, area });
    this.height = box[2] - box[0];
    this.width = box[3] - box[1];
    this.side = Math.max(this.height, this.width);
    this.middle = (box[0] + box[2]) / 2;
  }

  with(other) {
    const [a, b] = [this.box, other.box];
    const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
    return new Part([...this.numbers, ...other.numbers], box, this.area + other.area);
  }

  // What another plane holds at the pixels of the part.
  values({ data }, labels) {
    const found = [];
    const [top, left, bottom, right] = this.box;
    for (let row = top; row < bottom; row++) {
      for (let place = row * labels.width + left; place < row * labels.width + right; place++) {
        if (this.numbers.includes(labels.data[place])) found.push(data[place]);
      }
    }
    return found;
  }

  strength(found, labels) {
    const values = Float32Array.from(this.values(found, labels)).sort();
    return values[Math.floor((values.length * 3) / 4)];
  }
}

export function partsOf(mask) {
  const { labels, boxes } = labelled(mask);
  const { height, width, data } = labels;
  const touches = [0, 1, 2, 3].map(() => new Int32Array(boxes.length + 1));
  for (let column = 0; column < width; column++) {
    touches[0][data[column]]++;
    touches[1][data[(height - 1) * width + column]]++;
  }
  for (let row = 0; row < height; row++) {
    touches[2][data[row * width]]++;
    touches[3][data[(row + 1) * width - 1]]++;
  }
  const parts = boxes.map(({ box, area }, place) => new Part([place + 1], box, area));
  const touch = (part) => Math.max(...touches.map((edge) => edge[part.numbers[0]]));
  const inside = parts.filter((part) => touch(part) <= Math.max(3, TOUCH * part.side));
  return { labels, parts: inside.filter((part) => !isBar(part, height, width)) };
}

function isBar(part, high, wide) {
  const [top, left, bottom, right] = part.box;
  const shorter = Math.min(high, wide);
  const edges = [top, left, high - bottom, wide - right].map((gap) => gap < NEAR * shorter);
  const [along, down] = [part.width > LONG * wide, part.height > LONG * high];
  if (edges.filter(Boolean).length >= 3 && along && down) return true;
  const thin = Math.min(part.height, part.width) < THIN * shorter;
  return thin && ((along && (edges[0] || edges[2])) || (down && (edges[1] || edges[3])));
}

// The parts of each digit as one: its largest, and those near that. What is shorter than `least` is no
// digit's largest: it stays by itself.
export function joined(parts, least) {
  const digits = new Map();
  const specks = [];
  for (const part of [...parts].sort((a, b) => b.side - a.side)) {
    const near = [...digits.keys()].filter((main) => belongs(part, main));
    const nearest = near.reduce((best, main) => (best && gap(part, best) <= gap(part, main) ? best : main), null);
    if (nearest) digits.set(nearest, digits.get(nearest).with(part));
    else if (part.side >= least) digits.set(part, part);
    else specks.push(part);
  }
  return [...digits.values(), ...specks];
}

function gap({ box: a }, { box: b }) {
  return Math.hypot(Math.max(a[0] - b[2], b[0] - a[2], 0), Math.max(a[1] - b[3], b[1] - a[3], 0));
}

function belongs(part, digit) {
  const apart = gap(part, digit) / digit.side;
  if (part.area < PART * digit.area || part.side < PIECE * digit.side || apart > ABOVE) return false;
  const shared = Math.min(part.box[3], digit.box[3]) - Math.max(part.box[1], digit.box[1]);
  if (shared >= 0.5 * Math.min(part.width, digit.width) && apart < BREAK) return true;
  if (shared >= 0.5 * part.width && part.height < 0.7 * digit.height) return true;
  return apart < BESIDE && part.area < 0.4 * digit.area;
}

// As they are read: line by line, from left to right.
export function inOrder(digits) {
  const rows = [];
  for (const digit of [...digits].sort((a, b) => a.middle - b.middle)) {
    const row = rows.find((row) => {
      const tall = Math.max(digit.height, ...row.map((other) => other.height));
      const middle = row.reduce((sum, other) => sum + other.middle, 0) / row.length;
      return Math.abs(digit.middle - middle) < 0.5 * tall;
    });
    if (row) row.push(digit);
    else rows.push([digit]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box[1] - b.box[1]));
}

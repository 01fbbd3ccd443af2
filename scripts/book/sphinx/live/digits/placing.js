// A digit's ink, brought to where MNIST has it. The same steps as kerastut/digits/placing.py.
import { clamp, dilated, highest, map, mask, part, resized, rotated, round } from "./pixels.js";

export const SIDE = 28;
const [BOX, MIDDLE, EDGE, INK] = [20, 14, 2, 0.3];

// The ink of a digit that consists of labelled parts, 1 where it is as strong as `level`.
export function cut(found, labels, { box, numbers }, level) {
  const top = Math.max(0, box[0] - EDGE);
  const left = Math.max(0, box[1] - EDGE);
  const bottom = Math.min(found.height, box[2] + EDGE);
  const right = Math.min(found.width, box[3] + EDGE);
  const around = part(labels, top, left, bottom, right);
  const near = dilated(map(around, (number) => (numbers.includes(number) ? 1 : 0)), EDGE);
  const piece = part(found, top, left, bottom, right);
  return map(piece, (shade, place) => (near.data[place] ? clamp(shade / level, 0, 1) : 0));
}

export const turned = (ink, degrees) => rotated(ink, degrees);

// 28 x 28 pixels from 0 to 255, light on dark.
export function placed(ink) {
  const strong = INK * highest(ink.data);
  let [top, left, bottom, right] = [ink.height, ink.width, 0, 0];
  ink.data.forEach((shade, place) => {
    if (shade <= strong) return;
    const row = Math.floor(place / ink.width);
    const column = place % ink.width;
    [top, left] = [Math.min(top, row), Math.min(left, column)];
    [bottom, right] = [Math.max(bottom, row + 1), Math.max(right, column + 1)];
  });
  const longer = Math.max(bottom - top, right - left);
  const size = (side) => Math.max(1, round((side * BOX) / longer));
  const digit = resized(part(ink, top, left, bottom, right), size(bottom - top), size(right - left));
  const [rows, columns] = [new Float64Array(digit.height), new Float64Array(digit.width)];
  digit.data.forEach((shade, place) => {
    rows[Math.floor(place / digit.width)] += shade;
    columns[place % digit.width] += shade;
  });
  const [down, across] = [first(rows), first(columns)];
  const scale = 255 / highest(digit.data);
  const whole = mask(SIDE, SIDE);
  digit.data.forEach((shade, place) => {
    const row = Math.floor(place / digit.width) + down;
    whole.data[row * SIDE + (place % digit.width) + across] = round(shade * scale);
  });
  return whole;
}

// Where a digit begins along an axis, by its mass along it.
function first(mass) {
  let [sum, moment] = [0, 0];
  mass.forEach((weight, place) => {
    sum += weight;
    moment += weight * place;
  });
  return Math.min(Math.max(round(MIDDLE - moment / sum), 0), SIDE - mass.length);
}

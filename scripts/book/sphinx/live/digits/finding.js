// Finds the digits in a picture, or says why there are none. The same steps as
// kerastut/digits/finding.py and, for the answers, kerastut/predict/answering.py.
import * as inks from "./ink.js";
import { lines } from "./lines.js";
import { inOrder, joined, partsOf } from "./parts.js";
import { above, dilated, highest, lowest, map, mask, maximum, median, minimum, odd, part, plane, resized, round, shades } from "./pixels.js";
import { cut, placed, turned } from "./placing.js";

const [HALF, WEAK, MOST] = [0.5, 0.3, 0.65];
const [STEPS, LARGE, NEXT, TRIES] = [[0.3, 0.55], 0.045, 0.75, 4];
const LINE = 1 / 130;
const [SMALLEST, SIZE, MANY, PIECES] = [0.035, 0.33, 60, 4];
const [AROUND, SEEN, EXCESS, DIRECTIONS] = [0.1, 0.25, 2, 12];
const [NARROW, BESIDE, ALONG] = [0.45, 0.35, 0.5];
const [UNLIKE, DOUBTFUL, AMONG] = [-7, -1.2, 1.5];
const [TINY, CROPPED, UNEVEN] = [64, 0.45, 0.3];
const TURNS = [-16, -8, 8, 16];
const [SURE, GUESS, TURNED] = [0.95, 0.5, 0.6];
const LONGEST = 1000;

const [BLANK, BUSY, OTHER] = ["the page is blank", "there is too much on it", "what is on it looks like no digit"];
const shorter = ({ height, width }) => Math.min(height, width);
const nothing = (reason = BLANK) => ({ digits: [], reason, dark: true, score: 0, leftOut: [], removed: false, uneven: false });
const isLikely = (found) => found.digits.some((digit) => digit.odds > 0);
const largest = (found) => Math.max(...found.digits.map(({ box }) => Math.max(box[2] - box[0], box[3] - box[1])));

// A picture of the reader's, red, green, blue and opacity, as large as it is looked at.
export function fitted({ height, width, data }) {
  const share = Math.min(1, LONGEST / Math.max(height, width));
  if (share === 1) return plane(height, width, data);
  const [high, wide] = [height, width].map((side) => Math.max(1, round(side * share)));
  const found = new Uint8ClampedArray(4 * high * wide).fill(255);
  for (let colour = 0; colour < 3; colour++) {
    const one = shades(height, width);
    for (let place = 0; place < height * width; place++) one.data[place] = data[4 * place + colour];
    resized(one, high, wide).data.forEach((value, place) => (found[4 * place + colour] = value));
  }
  return plane(high, wide, found);
}

// `likeness` says of 28 x 28 pixels how much they look like a digit.
export function find(pixels, likeness) {
  const greys = inks.greys(pixels);
  if (Math.max(pixels.height, pixels.width) <= TINY) return tiny(greys[0], likeness);
  let best = nothing();
  for (const window of inks.WINDOWS) {
    for (const shade of greys) {
      if (isLikely(best) && largest(best) < CROPPED * shorter(shade)) return best;
      const grey = inks.smoothed(shade);
      const ground = inks.ground(grey);
      const uneven = highest(ground.data) - lowest(ground.data) > UNEVEN * highest(ground.data);
      for (const dark of [true, false]) {
        const found = inks.ink(grey, dark, window);
        const least = inks.least(found, dark);
        const contrast = dark ? inks.difference(ground, grey) : inks.difference(grey, ground);
        const bright = dark ? map(grey, (shade) => -shade) : grey;
        for (const level of levels(found, least)) {
          const one = { ...read(found, level, least, contrast, bright, likeness), dark, uneven };
          const fewer = !isLikely(best) || one.digits.length <= best.digits.length;
          if (fewer && one.score > best.score) best = one;
          if (isLikely(one)) break;
        }
      }
    }
  }
  return best;
}

// All that is in a tiny picture, such as MNIST's own, is one digit.
function tiny(grey, likeness) {
  const { height, width, data } = grey;
  const edge = [...data.subarray(0, width), ...data.subarray((height - 1) * width)];
  for (let row = 0; row < height; row++) edge.push(data[row * width], data[(row + 1) * width - 1]);
  const paper = median(edge);
  const dark = paper > data.reduce((sum, shade) => sum + shade, 0) / data.length;
  const ink = map(grey, (shade) => Math.max(0, dark ? paper - shade : shade - paper));
  if (highest(ink.data) < inks.FAINTEST) return nothing();
  const odds = likeness(placed(ink));
  if (odds < UNLIKE) return { ...nothing(OTHER), dark };
  return { ...nothing(""), dark, digits: [{ box: [0, 0, height, width], ink, odds }] };
}

function levels(found, least) {
  const window = odd(Math.max(1, round(LINE * shorter(found))));
  const thick = maximum(minimum(found, window), window);
  const strengths = [];
  for (const step of [least, ...STEPS.filter((step) => step > least)]) {
    const { labels, parts } = partsOf(above(thick, step));
    const large = parts.filter((part) => part.side > LARGE * shorter(found));
    strengths.push(...large.map((part) => part.strength(thick, labels)));
  }
  const distinct = [];
  for (const level of strengths.sort((a, b) => b - a)) {
    if (!distinct.length || level < NEXT * distinct.at(-1)) distinct.push(level);
  }
  return distinct.slice(0, TRIES);
}

function read(found, level, least, contrast, bright, likeness) {
  const [strong, weak] = [HALF, WEAK].map((share) => above(found, Math.max(least, share * level)));
  const removed = lines(weak);
  const clean = map(strong, (is, place) => is & ~removed.data[place]);
  const { labels, parts } = partsOf(grown(clean, weak, removed));
  const inked = parts.filter((part) => part.area > 3 && part.strength(found, labels) > MOST * level);
  let small = Math.max(SMALLEST * Math.max(found.height, found.width), 4, ...inked.map(({ side }) => SIZE * side));
  const many = inked.filter(({ side }) => side >= small).length > PIECES * MANY;
  const whole = many ? inked : joined(inked, small);
  small = Math.max(small, ...whole.map(({ side }) => SIZE * side));
  const weight = (part, values) => part.values(values, labels).reduce((sum, value) => sum + value, 0);
  const seen = (part) => part.side >= small && standsOut(part, labels, removed, bright, level);
  const digits = inOrder(whole.filter(seen));
  const leftOut = whole.filter(({ side }) => side < small).map(({ box }) => box);
  const about = { leftOut, removed: removed.data.some(Boolean) };
  if (!digits.length || digits.length > MANY) return { ...nothing(digits.length ? BUSY : BLANK), ...about };
  const clear = map(found, (shade, place) => (removed.data[place] ? 0 : shade));
  const rows = digits.map((part) => {
    const ink = cut(clear, labels, part, level);
    const odds = likeness(placed(ink));
    const most = isGrain(part, labels, weak, removed) ? DOUBTFUL - 0.1 : Infinity;
    return { box: part.box, ink, weight: Math.max(0, weight(part, contrast)), odds: Math.min(odds, most) };
  });
  const score = rows.reduce((sum, { weight, odds }) => sum + Math.sqrt(weight) / (1 + Math.exp(-odds)) ** 3, 1e-6);
  const prior = Math.log(Math.max(1, rows.filter(({ odds }) => odds > 0).length));
  const likeliest = Math.max(...rows.map(({ odds }) => odds));
  const bound = Math.max(UNLIKE, Math.min(likeliest, DOUBTFUL - 1)) - AMONG * prior;
  const kept = rows.filter(({ odds }) => odds >= bound);
  leftOut.push(...rows.filter(({ odds }) => odds < bound).map(({ box }) => box));
  return { ...nothing(kept.length ? "" : OTHER), ...about, digits: kept, score };
}

// Whether a part differs from what lies around it, in each direction.
function standsOut({ box, numbers, side }, labels, removed, bright, level) {
  const reach = Math.max(3, round(AROUND * side));
  const [top, left] = [Math.max(0, box[0] - reach), Math.max(0, box[1] - reach)];
  const [bottom, right] = [Math.min(labels.height, box[2] + reach), Math.min(labels.width, box[3] + reach)];
  const [numbered, shades, lined] = [labels, bright, removed].map((one) => part(one, top, left, bottom, right));
  const own = map(numbered, (number) => (numbers.includes(number) ? 1 : 0));
  const inks = maximum(map(shades, (shade, place) => (own.data[place] ? shade : -1)), 2 * reach + 1);
  const [close, wide] = [reach >> 1, reach].map((size) => maximum(own, 2 * size + 1));
  const votes = new Int32Array(DIRECTIONS);
  shades.data.forEach((shade, place) => {
    if (!wide.data[place] || close.data[place] || lined.data[place]) return;
    const across = ((place % own.width) + 0.5) / own.width - 0.5;
    const down = (Math.floor(place / own.width) + 0.5) / own.height - 0.5;
    const direction = Math.floor((Math.atan2(down, across) / (2 * Math.PI) + 0.5) * DIRECTIONS) % DIRECTIONS;
    const apart = inks.data[place] - shade;
    const step = level * Math.max(Math.abs(inks.data[place]), Math.abs(shade));
    votes[direction] += apart > SEEN * step && apart < EXCESS * step ? 1 : -1;
  });
  return votes.every((sum) => sum >= 0);
}

// Whether a narrow part has others on both sides, as a stripe of wood has; the picture's edge counts.
function isGrain({ box: [top, left, bottom, right], numbers, side }, labels, weak, removed) {
  const lies = right - left > bottom - top;
  const [from, to, most] = lies ? [left, right, labels.height] : [top, bottom, labels.width];
  const place = (along, across) => (lies ? across * labels.width + along : along * labels.width + across);
  const isOwn = (along, across) => numbers.includes(labels.data[place(along, across)]);
  const isInk = (along, across) => weak.data[place(along, across)] && !removed.data[place(along, across)];
  const reach = Math.max(3, round(BESIDE * side));
  const widths = [];
  const sides = [0, 1].map(() => ({ seen: 0, met: 0 }));
  for (let along = from; along < to; along++) {
    let [first, after] = [lies ? top : left, lies ? bottom : right];
    while (first < after && !isOwn(along, first)) first++;
    while (after > first && !isOwn(along, after - 1)) after--;
    if (first === after) continue;
    widths.push(after - first);
    [[Math.max(0, first - reach), first], [after, Math.min(most, after + reach)]].forEach(([start, end], number) => {
      if (end - start <= reach / 2) return;
      sides[number].seen++;
      for (let across = start; across < end; across++) {
        if (!isInk(along, across) || isOwn(along, across)) continue;
        sides[number].met++;
        break;
      }
    });
  }
  if (median(widths) > NARROW * side) return false;
  const company = sides.map(({ seen, met }) => (seen > widths.length / 2 ? met / seen > ALONG : undefined));
  return company.includes(true) && !company.includes(false);
}

// The weaker ink beside a mask joins a stroke that is torn.
function grown(strong, weak, removed) {
  const near = dilated(strong, Math.max(1, Math.floor(shorter(strong) / 150)));
  const lined = dilated(removed, 2);
  const found = mask(strong.height, strong.width);
  for (let place = 0; place < found.data.length; place++) {
    found.data[place] = strong.data[place] | (near.data[place] & weak.data[place] & ~lined.data[place]);
  }
  return found;
}

// What a net says of each digit, where it is in doubt once more with small turns undone. `ask` gives
// the probabilities of 28 x 28 pixels.
export async function readings(found, ask) {
  const answers = [];
  for (const digit of found.digits) {
    const tries = [await asked(placed(digit.ink), 0, ask)];
    if (tries[0].probability < SURE && Math.max(digit.ink.height, digit.ink.width) > TINY) {
      for (const turn of TURNS) tries.push(await asked(placed(turned(digit.ink, turn)), turn, ask));
    }
    const weight = ({ probability, turn }) => probability * (turn ? TURNED : 1);
    const best = tries.reduce((one, other) => (weight(other) > weight(one) ? other : one));
    answers.push({ ...best, box: digit.box, doubtful: digit.odds < DOUBTFUL || best.probability < GUESS });
  }
  return answers;
}

async function asked(pixels, turn, ask) {
  const probabilities = await ask(pixels);
  const probability = highest(probabilities);
  return { pixels, turn, probabilities, probability, label: probabilities.indexOf(probability) };
}

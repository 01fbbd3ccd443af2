// How much ink there is at each pixel, whatever the light, the paper and what lies around it.
// The same steps as kerastut/digits/ink.py.
import { highest, map, maximum, median, medians, minimum, odd, resized, round, shades, smoothed as blurred } from "./pixels.js";

export const WINDOWS = [0.25, 0.5];
export const FAINTEST = 0.1;
const DARKEST = 0.3;
const [LIGHTEST, CLEAR] = [0.2, 6];
const COARSE = 72;
const AROUND = 0.4;
const LUMINANCE = [0.299, 0.587, 0.114].map(Math.fround);
const shorter = ({ height, width }) => Math.min(height, width);

// Of a picture's pixels, red, green, blue and opacity: brightness; where there are colours also the
// brightest one, in which coloured lines vanish, and the darkest, in which yellow ink is dark.
export function greys({ height, width, data }) {
  const [brightness, brightest, darkest] = [0, 1, 2].map(() => shades(height, width));
  let coloured = 0;
  for (let place = 0; place < height * width; place++) {
    const [red, green, blue] = [data[4 * place], data[4 * place + 1], data[4 * place + 2]];
    const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
    brightness.data[place] = (red * LUMINANCE[0] + green * LUMINANCE[1] + blue * LUMINANCE[2]) / 255;
    brightest.data[place] = most / 255;
    darkest.data[place] = least / 255;
    coloured += most - least > 40;
  }
  return coloured / (height * width) > 0.005 ? [brightness, brightest, darkest] : [brightness];
}

export const smoothed = (grey) => blurred(grey, Math.max(grey.height, grey.width) / 1000);

// The paper's light is a closing, for light ink an opening.
export function ink(grey, dark, share) {
  const window = Math.max(3, odd(round(share * shorter(grey))));
  const paper = dark ? minimum(maximum(grey, window), window) : maximum(minimum(grey, window), window);
  const light = dark ? paper : grey;
  const floor = DARKEST * brightestOf(light);
  return map(grey, (shade, place) => {
    const apart = dark ? paper.data[place] - shade : shade - paper.data[place];
    return apart / Math.max(light.data[place], floor);
  });
}

const brightestOf = (grey) => Math.max(highest(coarse(grey, 1.5 * COARSE).data), 0.02);

export function least({ height, width, data }, dark) {
  const steps = new Float32Array(height * (width - 1));
  let count = 0;
  for (let row = 0; row < height; row++) {
    for (let place = row * width + 1; place < (row + 1) * width; place++) {
      steps[count++] = Math.abs(data[place] - data[place - 1]);
    }
  }
  return Math.max(dark ? FAINTEST : LIGHTEST, CLEAR * median(steps));
}

export function ground(grey) {
  const small = coarse(grey, COARSE);
  const window = Math.max(3, odd(round(AROUND * shorter(small))));
  return resized(medians(small, window), grey.height, grey.width);
}

function coarse(grey, longest) {
  const share = Math.min(1, longest / Math.max(grey.height, grey.width));
  const side = (length) => Math.max(1, round(share * length));
  return resized(grey, side(grey.height), side(grey.width));
}

export const difference = (one, other) => map(one, (shade, place) => shade - other.data[place]);

// Pictures in and out: a file's pixels, the feature maps side by side, what was found in a picture.
import { plane } from "./digits/pixels.js";

const [COLUMNS, MOST, GAP] = [8, 64, 1];
// Pixels of a picture's longer side, and of the board's, whose strokes are broad; more is read smaller.
const [MOST_PIXELS, BOARD] = [2000, 168];
const WHITE = 208; // of a transparent picture's ink, on which black is the better ground
const [BLUE, GREY] = ["#0072b2", "#666666"];

function canvasOf(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  return [canvas, canvas.getContext("2d", { willReadFrequently: true })];
}

async function addressOf(canvas) {
  return new FileReaderSync().readAsDataURL(await canvas.convertToBlob());
}

// Red, green, blue and opacity of each pixel of a file or of the board, on white or, if its ink is
// white, on black.
export async function pixelsOf(asked) {
  const isBoard = asked instanceof ImageBitmap;
  const image = isBoard ? asked : await createImageBitmap(asked);
  const share = Math.min(1, (isBoard ? BOARD : MOST_PIXELS) / Math.max(image.width, image.height));
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * share)));
  const [, pen] = canvasOf(width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  let [cover, light] = [0, 0];
  for (let place = 0; place < data.length; place += 4) {
    cover += data[place + 3];
    light += data[place + 3] * (0.299 * data[place] + 0.587 * data[place + 1] + 0.114 * data[place + 2]);
  }
  const ground = cover && light / cover > WHITE ? 0 : 255;
  for (let place = 0; place < data.length; place++) {
    const opacity = data[place | 3] / 255;
    if (place % 4 < 3) data[place] = data[place] * opacity + ground * (1 - opacity);
  }
  return plane(height, width, data);
}

// A picture as an address: with boxes around its digits, grey ones around what was left out.
export async function urlOf({ width, height, data }, found = null) {
  const [canvas, pen] = canvasOf(width, height);
  const image = pen.createImageData(width, height);
  if (data.length === image.data.length) image.data.set(data);
  else for (let place = 0; place < data.length; place++) image.data.set([data[place], data[place], data[place], 255], 4 * place);
  pen.putImageData(image, 0, 0);
  pen.lineWidth = 1 + Math.max(width, height) / 250;
  const boxes = [...(found?.leftOut ?? []).map((box) => [box, GREY]), ...(found?.digits ?? []).map(({ box }) => [box, BLUE])];
  for (const [[top, left, bottom, right], colour] of boxes) {
    pen.strokeStyle = colour;
    pen.strokeRect(left, top, right - left, bottom - top);
  }
  return addressOf(canvas);
}

// The maps of a layer side by side, bright where a filter answers.
export async function mosaic(values, { shape: [height, width, filters] }, colours) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const shown = Math.min(filters, MOST);
  const columns = Math.min(shown, COLUMNS);
  const rows = Math.ceil(shown / columns);
  const [canvas, pen] = canvasOf(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP);
  const image = pen.createImageData(canvas.width, canvas.height);
  for (let filter = 0; filter < shown; filter++) {
    const top = Math.floor(filter / columns) * (height + GAP);
    const left = (filter % columns) * (width + GAP);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const value = values[(row * width + column) * filters + filter];
        const colour = colours[Math.min(255, Math.floor((256 * (value - low)) / (high - low || 1)))];
        image.data.set([...colour, 255], 4 * ((top + row) * canvas.width + left + column));
      }
    }
  }
  pen.putImageData(image, 0, 0);
  return addressOf(canvas);
}

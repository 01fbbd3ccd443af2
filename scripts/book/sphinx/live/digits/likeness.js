// Whether a picture of 28x28 looks like a digit at all: a small net, that of kerastut/digits.
// Its numbers are laid one after the other in likeness.bin.
const SHAPES = [[5, 5, 1, 24], [24], [5, 5, 24, 48], [48], [768, 64], [64], [64, 1], [1]];

export async function likenessFrom(address) {
  const numbers = new Float32Array(await (await fetch(address)).arrayBuffer());
  let from = 0;
  const weights = SHAPES.map((shape) => numbers.subarray(from, (from += shape.reduce((a, b) => a * b))));
  const [kernel, bias, kernel2, bias2, dense, bias3, last, bias4] = weights;
  return ({ data }) => {
    const first = convolved(Float32Array.from(data, (pixel) => pixel / 255), 28, 1, kernel, bias);
    const second = convolved(first, 12, 24, kernel2, bias2);
    const hidden = summed(second, dense, bias3).map((sum) => Math.max(sum, 0));
    return summed(hidden, last, bias4)[0];
  };
}

// A convolution of 5x5 with a stride of 2, and ReLU.
function convolved(pixels, side, channels, kernel, bias) {
  const size = Math.floor((side - 5) / 2) + 1;
  const filters = bias.length;
  const found = new Float32Array(size * size * filters);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sums = found.subarray((row * size + column) * filters, (row * size + column + 1) * filters);
      sums.set(bias);
      for (let y = 0; y < 5; y++) {
        for (let x = 0; x < 5; x++) {
          for (let channel = 0; channel < channels; channel++) {
            const pixel = pixels[((2 * row + y) * side + 2 * column + x) * channels + channel];
            if (!pixel) continue;
            const start = ((y * 5 + x) * channels + channel) * filters;
            for (let filter = 0; filter < filters; filter++) sums[filter] += pixel * kernel[start + filter];
          }
        }
      }
      for (let filter = 0; filter < filters; filter++) sums[filter] = Math.max(sums[filter], 0);
    }
  }
  return found;
}

function summed(values, matrix, bias) {
  const found = Float32Array.from(bias);
  values.forEach((value, row) => {
    for (let unit = 0; unit < found.length; unit++) found[unit] += value * matrix[row * found.length + unit];
  });
  return found;
}

// The worker that answers for the demo's page without a server: it runs the net by the same steps as
// kerastut/demo/answers.py. `?net=cnn-mnist` says which one.
import { find, fitted, readings } from "../digits/finding.js";
import { likenessFrom } from "../digits/likeness.js";
import { lettersOf } from "../encoding.js";
import { openNet } from "../runtime.js";
import { mosaic, pixelsOf, urlOf } from "../pictures.js";

const ROWS = 10;
const folder = new URL(`../nets/${new URLSearchParams(location.search).get("net")}/`, import.meta.url);
const started = start();

async function start() {
  const net = await (await fetch(new URL("net.json", folder))).json();
  const run = await openNet(new URL(net.file, folder));
  return { net, look: await (net.kind === "digits" ? eyes : letters)(net, run) };
}

// Without a question the net tells of itself.
self.addEventListener("message", async ({ data, ports: [port] }) => {
  try {
    const { net, look } = await started;
    port.postMessage({ answer: data ? await look(data) : net });
  } catch (error) {
    port.postMessage({ error: error.message });
  }
});

// ---- digits ----

async function eyes(net, run) {
  const likeness = await likenessFrom(new URL("../likeness.bin", import.meta.url));
  const ask = async ({ data }) => (await run(Float32Array.from(data), [1, ...net.shape]))[0];
  return async (file) => {
    const picture = await pixelsOf(file).then(fitted, () => null);
    if (!picture) return { problem: "unreadable" };
    const found = find(picture, likeness);
    const read = await readings(found, ask);
    const shown = { inverted: found.digits.length > 0 && found.dark, boxes: await urlOf(picture, found) };
    if (!read.length) return { ...shown, reason: found.reason };
    // The bars and the maps are those of the digit that is the least sure.
    const least = read.reduce((one, other) => (other.probability < one.probability ? other : one));
    const [probabilities, ...maps] = await run(Float32Array.from(least.pixels.data), [1, ...net.shape]);
    return {
      ...chances(net, probabilities),
      ...shown,
      read: read.map(({ label }) => net.classes[label]).join(""),
      doubtful: read.some(({ doubtful }) => doubtful),
      seen: await urlOf(least.pixels),
      layers: await Promise.all(
        net.maps.map(async (layer, place) => ({ ...layer, image: await mosaic(maps[place], layer, net.colours) })),
      ),
    };
  };
}

// ---- texts ----

async function letters(net, run) {
  const encode = await lettersOf(folder);
  const chance = async (texts) => {
    const rows = texts.map(encode);
    const [found] = await run(BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0].length]);
    return texts.map((_, place) => found[place]);
  };
  return async (file) => {
    const characters = [...(await file.text())].slice(0, net.longest);
    const shorter = characters.map((_, place) => characters.toSpliced(place, 1).join(""));
    const [whole, ...others] = await chance([characters.join(""), ...shorter]);
    return {
      ...chances(net, [1 - whole, whole]),
      text: characters.join(""),
      shares: others.map((other) => whole - other),
      reference: net.classes[1],
    };
  };
}

function chances(net, probabilities) {
  const rows = net.classes.map((name, place) => [name, probabilities[place]]);
  const [label] = rows.reduce((best, row) => (row[1] > best[1] ? row : best));
  return { label, rows: rows.slice(0, ROWS) };
}

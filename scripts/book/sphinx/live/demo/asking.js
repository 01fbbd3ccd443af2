// The answers of the demo's page without a server: the net runs in the browser, by the same steps as
// kerastut/demo/answers.py. `?net=cnn-mnist&lang=zh` says which one, and in what language.
import { find, fitted, readings } from "../digits/finding.js";
import { likenessFrom } from "../digits/likeness.js";
import { lettersOf } from "../encoding.js";
import { openNet } from "../runtime.js";
import { mosaic, pixelsOf, urlOf } from "../pictures.js";

const ROWS = 10;
const options = new URLSearchParams(location.search);
const folder = new URL(`../nets/${options.get("net")}/`, import.meta.url);
const net = await (await fetch(new URL("net.json", folder))).json();
const [run, look] = await Promise.all([openNet(new URL(net.file, folder)), net.kind === "digits" ? eyes() : letters()]);

export function describe() {
  return { ...net, languages: {}, language: options.get("lang") };
}

export const answered = (body) => look(body);

// ---- digits ----

async function eyes() {
  const likeness = await likenessFrom(new URL("../likeness.bin", import.meta.url));
  const ask = async ({ data }) => (await run(Float32Array.from(data), [1, ...net.shape]))[0];
  return async (file) => {
    const picture = await pixelsOf(file).then(fitted, () => null);
    if (!picture) return { problem: "unreadable" };
    const found = find(picture, likeness);
    const read = await readings(found, ask);
    const shown = { inverted: found.digits.length > 0 && found.dark, boxes: urlOf(picture, found) };
    if (!read.length) return { ...shown, reason: found.reason };
    // The bars and the maps are those of the digit that is the least sure.
    const least = read.reduce((one, other) => (other.probability < one.probability ? other : one));
    const [probabilities, ...maps] = await run(Float32Array.from(least.pixels.data), [1, ...net.shape]);
    return {
      ...chances(probabilities),
      ...shown,
      read: read.map(({ label }) => net.classes[label]).join(""),
      doubtful: read.some(({ doubtful }) => doubtful),
      seen: urlOf(least.pixels),
      layers: net.maps.map((layer, place) => ({ ...layer, image: mosaic(maps[place], layer, net.colours) })),
    };
  };
}

// ---- texts ----

async function letters() {
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
      ...chances([1 - whole, whole]),
      text: characters.join(""),
      shares: others.map((other) => whole - other),
      reference: net.classes[1],
    };
  };
}

function chances(probabilities) {
  const rows = net.classes.map((name, place) => [name, probabilities[place]]);
  const [label] = rows.reduce((best, row) => (row[1] > best[1] ? row : best));
  return { label, rows: rows.slice(0, ROWS) };
}

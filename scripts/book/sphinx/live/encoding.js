// Turns texts into the token numbers that a net takes, as kerastut/export/encode.py does.
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const SPACE = /[\t-\r ]+/; // ASCII's alone, as in TensorFlow
const UNKNOWN = 1;

export async function lettersOf(folder) {
  const read = (name) => fetch(new URL(name, folder));
  const [vocabulary, settings] = await Promise.all([
    read("vocabulary.txt").then((file) => file.text()),
    read("encoding.json").then((file) => file.json()),
  ]);
  const numbers = new Map(vocabulary.split("\n").slice(0, -1).map((token, number) => [token, number]));
  return (text) => {
    const row = tokens(text, settings).map((token) => numbers.get(token) ?? UNKNOWN);
    return Array.from({ length: settings.length }, (_, place) => row[place] ?? 0);
  };
}

function tokens(text, { lower, strip_punctuation: strip, split, ngrams }) {
  const cased = lower ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
  const plain = strip ? cased.replace(PUNCTUATION, "") : cased;
  const parts = split === "character" ? [...plain] : plain.split(SPACE).filter(Boolean);
  return ngrams.flatMap((count) =>
    parts.slice(0, Math.max(0, parts.length - count + 1)).map((_, first) => parts.slice(first, first + count).join(" ")),
  );
}

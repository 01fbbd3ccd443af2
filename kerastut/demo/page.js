// Draws, takes pictures and texts, asks the net, and shows its answer in the page's language.
import { answered, describe } from "./asking.js";

const PAUSE = 120; // milliseconds between two questions within a stroke
const EDGE = 336; // pixels of the board's longer side
const LEAST = 0.05; // percentage points below which a contribution gets no number
const net = await describe();
const pick = (selector) => document.querySelector(selector);
let language = net.language;
let last = null; // what is shown: an answer, what went wrong, or nothing

// ---- words and elements ----

function word(text, values = {}) {
  const found = language === "zh" ? net.words[text] : text;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Those of the embedded reviews have a name in each language, others are the reader's.
function label(name) {
  if (name === "negative") return word("negative");
  return name === "positive" ? word("positive") : name;
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const percent = (share) => `${(100 * share).toFixed(1)}%`;
// Decoded before it is shown: pictures that follow each other do not flicker.
const image = (src, alt) => make("img", { decoding: "sync", src, alt });

// ---- questions: while one is answered the next waits, and only the last is asked ----

let busy = false;
let waiting = null;

async function ask(content) {
  waiting = content;
  if (busy) return;
  busy = true;
  while (waiting) {
    const ready = waiting;
    waiting = null;
    const body = await ready();
    if (body === null) show(null);
    else if (body.size > net.most) show({ problem: "unreadable" });
    else show(await answered(body).catch(() => ({ problem: "silent" })));
  }
  busy = false;
}

const forget = () => ask(() => null);

// ---- answers ----

function show(answer) {
  last = answer;
  const known = answer?.rows ? answer : null;
  pick(".top").replaceChildren(...top(known));
  pick(".top").classList.toggle("none", !known);
  const rows = known?.rows ?? net.classes.map((name) => [name, null]);
  pick(".bars").replaceChildren(...rows.map(([name, share]) => bar(name, share, known?.label)));
  pick(".seen").replaceChildren(...(answer?.problem ? problem(answer.problem) : sight(answer)));
  pick(".more").replaceChildren(...(known?.text ? contributions(known) : layers(known)));
}

function top(known) {
  if (!known) return [word("Nothing to recognise yet")];
  const share = Object.fromEntries(known.rows)[known.label];
  return [make("b", {}, known.read ?? label(known.label)), " ", make("span", {}, percent(share))];
}

function bar(name, share, best) {
  const full = make("i");
  full.style.width = percent(share ?? 0);
  const number = share === null ? "–" : percent(share);
  const parts = [make("span", {}, label(name)), make("i", {}, full), make("span", {}, number)];
  return make("div", { className: name === best ? "bar best" : "bar" }, ...parts);
}

function problem(kind) {
  const size = Math.floor(net.most / 2 ** 20);
  const text =
    kind === "unreadable"
      ? word("This picture cannot be read. Take a PNG, JPEG, BMP or GIF file of at most {size} MB.", { size })
      : word("The net gives no answer. Is kerastut demo still running?");
  return [make("p", { className: "problem", role: "alert" }, text)];
}

function sight(known) {
  const shown = [];
  if (known?.reason) {
    const text = word("No digit found: {reason}.", { reason: word(known.reason) });
    shown.push(make("p", { className: "problem", role: "alert" }, text));
  }
  if (known?.seen) {
    const [height, width] = net.shape;
    const facts = [word("{height} × {width} pixels", { height, width })];
    if (net.kind === "digits") facts.push(word("placed and scaled as in MNIST"));
    if (known.inverted) facts.push(word("dark and light exchanged"));
    if (known.doubtful) facts.push(word("doubtful: this may be no digit"));
    const title = word("What the net sees");
    const lines = make("p", {}, facts.join("\n"));
    shown.push(image(known.seen, title), make("div", {}, make("h2", {}, title), lines));
  }
  if (known?.boxes) shown.push(image(known.boxes, word("What was found in the picture")));
  return shown;
}

function layers(known) {
  if (!known?.layers?.length) return [];
  const panes = known.layers.map(({ name, shape: [height, width, filters], shown, image: src }) => {
    const text =
      filters > shown
        ? word("the first {shown} of {filters} filters, {height} × {width}", { shown, filters, height, width })
        : word("{filters} filters, {height} × {width}", { filters, height, width });
    const caption = make("figcaption", {}, make("b", {}, name), ` ${text}`);
    return make("figure", {}, caption, image(src, `${name}: ${text}`));
  });
  return [
    make("h2", {}, word("What the convolution layers see")),
    make("p", {}, word("A pane for each filter: the brighter, the stronger its answer there.")),
    make("div", { className: "layers" }, ...panes),
  ];
}

function contributions({ text, shares, reference }) {
  const values = { label: label(reference) };
  const strongest = Math.max(...shares.map(Math.abs)) || 1;
  const cells = [...text].map((character, place) => {
    const points = 100 * shares[place];
    const sign = points > 0 ? "+" : "−";
    const number = Math.abs(points) < LEAST ? "·" : sign + Math.abs(points).toFixed(1);
    const shown = make("b", {}, character === "\n" ? "⏎" : character);
    const cell = make("span", { className: points > 0 ? "for" : "against" }, shown, make("small", {}, number));
    cell.style.setProperty("--strength", Math.abs(shares[place]) / strongest);
    return cell;
  });
  const help = word(
    "The number says by how many percentage points the probability of “{label}” would fall (blue) or rise (orange) without the character.",
    values,
  );
  return [
    make("h2", {}, word("Contribution of each character to “{label}”", values)),
    make("div", { className: "characters" }, ...cells),
    make("p", {}, help),
  ];
}

// ---- the board: mouse, finger or pen, and pictures ----

function prepareBoard() {
  const board = pick("canvas");
  const chooser = pick("input");
  const pen = board.getContext("2d");
  // What is drawn looks like what the net was trained on.
  const [paper, ink] = net.background === "dark" ? ["black", "white"] : ["white", "black"];
  const [height, width] = net.shape;
  board.width = Math.round((EDGE * width) / Math.max(height, width));
  board.height = Math.round((EDGE * height) / Math.max(height, width));
  pen.lineWidth = EDGE / 14;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = ink;
  let from = null;
  let asked = 0;

  function wipe() {
    pen.fillStyle = paper;
    pen.fillRect(0, 0, board.width, board.height);
  }

  function askBoard() {
    asked = performance.now();
    ask(() => board);
  }

  function draw(event) {
    const frame = board.getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * board.width;
    const y = ((event.clientY - frame.top) / frame.height) * board.height;
    pen.beginPath();
    pen.moveTo(...(from ?? [x, y]));
    pen.lineTo(x, y);
    pen.stroke();
    from = [x, y];
  }

  async function take(file) {
    ask(() => file);
    wipe();
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return;
    const scale = Math.min(board.width / picture.width, board.height / picture.height);
    const [wide, high] = [picture.width * scale, picture.height * scale];
    pen.drawImage(picture, (board.width - wide) / 2, (board.height - high) / 2, wide, high);
  }

  board.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    from = null;
    draw(event);
  });
  board.addEventListener("pointermove", (event) => {
    if (!from) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) draw(step);
    if (performance.now() - asked > PAUSE) askBoard();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    board.addEventListener(end, () => {
      if (from) askBoard();
      from = null;
    });
  }
  pick(".tools button").addEventListener("click", () => {
    wipe();
    forget();
  });
  chooser.addEventListener("change", () => {
    if (chooser.files.length) take(chooser.files[0]);
    chooser.value = "";
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
  });
  wipe();
}

// ---- the text ----

function prepareText() {
  const area = pick("textarea");
  area.maxLength = net.longest;
  const typed = () => (area.value.trim() ? ask(() => new Blob([area.value])) : forget());
  area.addEventListener("input", typed);
  for (const example of net.examples) {
    const button = make("button", { type: "button" }, example);
    button.addEventListener("click", () => {
      area.value = example;
      typed();
    });
    pick(".examples").append(button);
  }
  if (!net.examples.length) pick(".examples").previousElementSibling.remove();
  area.value ||= net.examples[0] ?? ""; // somebody may have typed already
  typed();
}

// ---- the page ----

function speak(code) {
  language = document.documentElement.lang = code;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.dataset.word ||= element.textContent;
    element.textContent = word(element.dataset.word);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.ariaLabel = word(element.dataset.label);
  }
  for (const button of document.querySelectorAll("nav button")) {
    button.disabled = button.lang === code;
  }
  show(last);
}

for (const [code, name] of Object.entries(net.languages)) {
  const button = make("button", { type: "button", lang: code }, name);
  button.addEventListener("click", () => speak(code));
  pick("nav").append(button);
}
document.title = `kerastut: ${net.name}`;
pick("h1").textContent = net.name;
for (const element of document.querySelectorAll("[data-for]")) {
  if (!element.dataset.for.split(" ").includes(net.kind)) element.remove();
}
speak(language);
if (net.kind === "texts") prepareText();
else prepareBoard();

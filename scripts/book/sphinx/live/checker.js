// The checker in the page: code, a file or a traceback in, findings with their places out. Python
// runs in a worker of the page; nothing that is pasted or dropped leaves it.
import { link, make } from "./elements.js";
import { language, word } from "./words.js";

const LARGEST = 10e6; // bytes
const EXAMPLE = `from keras.datasets import mnist
from keras.layers import Dense
from keras.models import Sequential
from keras.utils import np_utils

(x_train, y_train), _ = mnist.load_data()
x_train = x_train.reshape(60000, 784) / 255
y_train = np_utils.to_categorical(y_train, 10)
model = Sequential()
model.add(Dense(output_dim=10, input_dim=784, activation="softmax"))
model.compile(optimizer="sgd", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, nb_epoch=5)
`;
const TRACEBACK = /Traceback \(most recent call last\)|^\w*(?:Error|Warning): /m;

export async function startChecker(section) {
  const python = new Worker(new URL("python.js", import.meta.url), { type: "module" });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      python.onmessage = ({ data }) => resolve(data);
      python.onerror = () => reject(new Error("Python"));
      python.postMessage({ language, ...question });
    });
  const area = make("textarea", { rows: 12, spellcheck: false, value: EXAMPLE, ariaLabel: word("Code or traceback") });
  const button = make("button", { type: "button" }, word("Check"));
  const chooser = make("input", { type: "file", accept: ".py,.ipynb,.md,.rst,.html" });
  const result = make("div", { ariaLive: "polite" });
  const file = make("label", {}, `${word("Choose a file, or drop one here:")} `, chooser);
  section.append(area, make("p", { className: "kt-live-row" }, button, file), result);

  let name = null; // of the file that lies in the area

  async function check() {
    button.disabled = true;
    const text = area.value;
    const kind = !name && TRACEBACK.test(text) ? "traceback" : "file";
    const called = name ?? nameOf(text);
    const found = await ask({ kind, name: called, content: new TextEncoder().encode(text) });
    result.replaceChildren(...told(found, called, area));
    button.disabled = false;
  }

  async function take(chosen) {
    if (chosen.size > LARGEST) {
      result.replaceChildren(problem(word("This file is larger than {size} MB.", { size: LARGEST / 1e6 })));
      return;
    }
    area.value = await chosen.text();
    ({ name } = chosen);
    await check();
  }

  button.addEventListener("click", check);
  area.addEventListener("input", () => (name = null));
  chooser.addEventListener("change", () => chooser.files.length && take(chooser.files[0]));
  section.addEventListener("dragover", (event) => event.preventDefault());
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
  });
  await check();
}

// What pasted text is called: its kind decides how it is read.
function nameOf(text) {
  if (/^\s*\{/.test(text) && text.includes('"cells"')) return "pasted.ipynb";
  return /^(?:```|~~~)/m.test(text) ? "pasted.md" : "pasted.py";
}

const problem = (text) => make("p", { className: "kt-problem", role: "alert" }, text);

function told(found, name, area) {
  if (found.error) return [problem(found.error)];
  if (found.explanation) return [make("h3", {}, word("What it means")), make("pre", {}, found.explanation)];
  const { findings, rules, fixed, mended, diff } = found;
  if (!findings.length) return [make("p", {}, word("Nothing found."))];
  const heading = make("h3", {}, word("Findings: {count}", { count: findings.length }));
  const list = make("ol", { className: "kt-findings" }, ...findings.map((one) => finding(one, rules[one.code], area)));
  if (!fixed) return [heading, list];
  return [
    heading,
    list,
    make("h3", {}, word("What can be mended safely: {count}", { count: fixed })),
    make("pre", { className: "kt-diff" }, ...diff.split("\n").map(line)),
    make("p", {}, link(word("Download the mended file"), mended, name)),
  ];
}

function line(text) {
  const kind = { "+": "kt-added", "-": "kt-removed" }[text[0]] ?? "";
  return make("span", { className: kind }, `${text}\n`);
}

function finding({ code, message, severity, location: { row, column, cell } }, { what, why, instead, good }, area) {
  const place = cell === undefined ? word("line {row}, column {column}", { row, column }) : word("cell {cell}, line {row}, column {column}", { cell, row, column });
  const shown = make("button", { type: "button", className: "kt-place" }, place);
  if (cell === undefined) shown.addEventListener("click", () => select(area, row));
  else shown.disabled = true;
  const rows = [["what happens", what], ["why", why], ["what to do", instead]];
  const facts = rows.map(([key, text]) => make("p", {}, make("b", {}, `${names()[key]} `), text));
  const about = make("details", {}, make("summary", {}, word("Explanation")), ...facts, ...(good ? [make("pre", {}, good)] : []));
  return make("li", {}, shown, ` ${names()[severity] ?? severity} `, make("code", {}, code), ` ${message}`, about);
}

function names() {
  return {
    error: word("error"),
    warning: word("warning"),
    note: word("note"),
    "what happens": word("What happens"),
    why: word("Why"),
    "what to do": word("Instead"),
  };
}

// Brings a line of the code into sight.
function select(area, row) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, row - 1).join("\n").length + (row > 1);
  area.focus();
  area.setSelectionRange(start, start + lines[row - 1].length);
  area.scrollTop = (row - 3) * (area.scrollHeight / lines.length);
}

// Starts what a section of a page asks for: shows how much of it has arrived, then hands over.
import { word } from "./words.js";

const here = (path) => new URL(path, import.meta.url);
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const starters = {
  demo: startDemo,
  checker: async (section) => (await import("./checker.js")).startChecker(section),
  line: async (section) => (await import("./descent.js")).startDescent(section, false),
  race: async (section) => (await import("./descent.js")).startDescent(section, true),
  convolution: async (section) => (await import("./convolution.js")).startConvolution(section),
  gates: async (section) => (await import("./gates.js")).startGates(section),
  penalty: async (section) => (await import("./penalty.js")).startPenalty(section),
  training: async (section) => (await import("./training.js")).startTraining(section),
  boundary: async (section) => (await import("./boundary.js")).startBoundary(section),
};

export async function start(section, note) {
  const kept = keeper(); // not waited for: where a browser holds it back, it is never ready
  const { kind, name } = section.dataset;
  const files = await (await fetch(here("files.json"))).json();
  await load(files[name] ?? files[kind], note);
  note.textContent = word("Starting …");
  await starters[kind](section, name);
  note.textContent = "";
  // What came before the worker was there is kept as well.
  const loaded = [location.href, ...performance.getEntriesByType("resource").map((one) => one.name)];
  kept.then((worker) => worker?.postMessage(loaded));
}

// The worker that keeps what was loaded, where a host and the browser allow one.
async function keeper() {
  try {
    await navigator.serviceWorker.register(here("../worker.js"));
    return (await navigator.serviceWorker.ready).active;
  } catch {
    return null;
  }
}

// Fetches the files once, so that they lie in the browser's cache when they are asked for.
async function load(files, note) {
  const all = files.reduce((sum, [, bytes]) => sum + bytes, 0);
  let arrived = 0;
  for (const [path] of files) {
    const answer = await fetch(here(path));
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      arrived += value.length;
      note.textContent = word("Loading: {arrived} of {all} MB", { arrived: megabytes(arrived), all: megabytes(all) });
    }
  }
}

// The page of `kerastut demo`, in a frame that is as high as it needs to be.
function startDemo(section, name) {
  const lang = document.documentElement.lang.slice(0, 2);
  const frame = Object.assign(document.createElement("iframe"), { src: here(`demo/page.html?net=${name}&lang=${lang}`), title: name });
  const ready = new Promise((resolve) => frame.addEventListener("load", resolve));
  section.append(frame);
  return ready.then(() => {
    const page = frame.contentDocument.documentElement;
    new ResizeObserver(() => (frame.style.height = `${page.offsetHeight}px`)).observe(page);
  });
}

// The worker in which Python lives: loads Pyodide and the checker once, then answers in turn.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = (path) => new URL(path, import.meta.url).href;
const started = start();

async function start() {
  const python = await loadPyodide({ indexURL: here("pyodide/") });
  python.unpackArchive(await (await fetch(here("checker.zip"))).arrayBuffer(), "zip");
  return python.runPython(`
import checking
def answer(kind, name, content, language):
    if kind == "traceback":
        return checking.explained(content.to_bytes().decode(), language)
    return checking.check(name, content.to_bytes(), language)
answer`);
}

self.addEventListener("message", async ({ data: { kind, name, content, language } }) => {
  try {
    const answer = await started;
    self.postMessage(JSON.parse(answer(kind, name, content, language)));
  } catch (error) {
    self.postMessage({ error: error.message });
  }
});

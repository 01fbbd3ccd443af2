// Where the page's answers come from without a server: a worker runs the net in the browser, so that
// the page stays alive while a photograph is read. `?net=cnn-mnist&lang=zh` says which one.
const worker = new Worker(new URL(`answering.js${location.search}`, import.meta.url), { type: "module" });

function ask(question, passed = []) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.answer));
    worker.addEventListener("error", reject, { once: true });
    worker.postMessage(question, [port2, ...passed]);
  });
}

export async function describe() {
  return { ...(await ask(null)), languages: {}, language: new URLSearchParams(location.search).get("lang") };
}

export async function answered(asked) {
  if (!(asked instanceof HTMLCanvasElement)) return ask(asked);
  const board = await createImageBitmap(asked);
  return ask(board, [board]);
}

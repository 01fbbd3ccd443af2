// Runs an exported net with onnxruntime-web, on one thread: these nets are small, and several threads
// would need headers that not every host can send.
import * as ort from "./onnxruntime-web/ort.wasm.min.mjs";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL("onnxruntime-web/", import.meta.url).href;

// Gives a function from the numbers of one input and their shape to the numbers of each output.
export async function openNet(address) {
  const session = await ort.InferenceSession.create(address.href);
  const [input] = session.inputNames;
  return async (values, shape) => {
    const type = values instanceof BigInt64Array ? "int64" : "float32";
    const found = await session.run({ [input]: new ort.Tensor(type, values, shape) });
    return session.outputNames.map((name) => found[name].data);
  };
}

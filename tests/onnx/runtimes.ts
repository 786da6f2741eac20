// Runs ONNX files in the runtimes of onnxruntime: its native one, and its WebAssembly one as pages use it.
// @ts-expect-error its types are not among its exports
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';

web.env.wasm.numThreads = 1; // its threads would outlive the tests

/** The native one is the last without an install script, which would download, and so also stands for old ones. */
export const RUNTIMES = { 'onnxruntime-node': native as unknown as typeof web, 'onnxruntime-web': web };
export type RuntimeName = keyof typeof RUNTIMES;

const BATCH = 100;

/** Predicts the probabilities of frames, [count][size][size], in batches, the last of which may be smaller. */
export async function runOnnx(
  runtime: RuntimeName,
  file: Uint8Array,
  frames: Uint8Array | Float32Array,
  size: number,
): Promise<Float32Array> {
  const { InferenceSession, Tensor } = RUNTIMES[runtime];
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const parts: number[][] = [];
  const area = size ** 2;
  for (let first = 0; first < frames.length; first += BATCH * area) {
    const part = frames.slice(first, first + BATCH * area);
    const dims = [part.length / area, 1, size, size];
    const input =
      part instanceof Uint8Array ? new Tensor('uint8', part, dims) : new Tensor('float32', part, dims);
    const { probabilities } = await session.run({ frames: input });
    parts.push(Array.from(probabilities.data as Float32Array));
  }
  await session.release();
  return Float32Array.from(parts.flat());
}

import { extname } from 'node:path';
import type { AnimationFrame } from '../../charts/apng.ts';
import { type AnimationFormat, encodeAnimation } from '../../charts/encode-animation.ts';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { openAnimation } from '../../images/animation.ts';
import { streamDrawer } from '../../prediction/drawing/draw-predictions.ts';
import type { ExpressionModel } from '../../prediction/expression-model.ts';
import { predictStream, type StreamOptions } from '../../prediction/predict-stream.ts';
import type { PredictedAnimation } from './predicted-photo.ts';
import type { StageTimes } from './stage-times.ts';

/**
 * Reads the faces of an animation as the frames of a stream, and draws them as an animation with the same times.
 *
 * @param drawing the file to draw into, if any; its ending is that of the format
 * @param onFrame called with the number of frames that are done, and of all frames
 * @throws EvopatchError `INVALID_IMAGE`, `FILE_SYSTEM`, `ABORTED`.
 */
export async function predictAnimation(
  model: ExpressionModel,
  file: string,
  options: StreamOptions,
  drawing: string | undefined,
  times: StageTimes,
  onFrame: (done: number, total: number) => void,
): Promise<PredictedAnimation> {
  const { width, height, milliseconds, photos } = await openAnimation(file);
  const draw = drawing === undefined ? undefined : streamDrawer();
  const frames: PredictedAnimation['frames'][number][] = [];
  const drawn: AnimationFrame[] = [];
  for await (const frame of predictStream(model, photos(), options)) {
    const { index, photo, faces } = frame;
    const shown = milliseconds[index];
    const start = performance.now();
    if (draw !== undefined) drawn.push({ png: draw(photo, faces), milliseconds: shown });
    times.add(frame, performance.now() - start);
    frames.push({ milliseconds: shown, faces: faces.map(({ guided: _, ...face }) => face) });
    onFrame(frames.length, milliseconds.length);
  }
  if (drawing !== undefined) {
    const start = performance.now();
    const format = extname(drawing).slice(1).toLowerCase() as AnimationFormat;
    await writeFileAtomic(drawing, await encodeAnimation(drawn, format));
    times.addWriting(performance.now() - start, drawn.length);
  }
  return { file, width, height, frames, drawing };
}

import { beforeAll, expect, test } from 'vitest';
import { ensembleOf } from '../../src/ensemble/ensemble.ts';
import { greyOf, type Photo } from '../../src/images/photo.ts';
import { renderFrame } from '../../src/landmarks/frame.ts';
import type { Network } from '../../src/nn/network.ts';
import { drawPredictions } from '../../src/prediction/drawing/draw-predictions.ts';
import type { ExpressionModel } from '../../src/prediction/expression-model.ts';
import { guidedBackpropagation } from '../../src/prediction/guided-view.ts';
import { predictStream } from '../../src/prediction/predict-stream.ts';
import type { PredictedFace } from '../../src/prediction/prediction.ts';
import { saliency } from '../../src/saliency/saliency.ts';
import { someModel } from './models.ts';
import { samplePhoto } from './photos.ts';

let model: ExpressionModel<Network>;
let photo: Photo;
let faces: PredictedFace[];
beforeAll(async () => {
  model = await someModel();
  photo = await samplePhoto(1);
  faces = await model.predictFaces(photo);
});

/** The map that `saliency` makes of a face's frame. */
async function expected({ similarity, label }: PredictedFace) {
  const { frame, classes, network } = model;
  const frames = renderFrame(greyOf(photo), similarity, frame);
  const dataset = { frames, labels: new Uint8Array(1), frame, classes };
  const explained = classes.indexOf(label);
  const indices = Uint32Array.of(0);
  return (await saliency({ network, dataset, indices, method: 'guided', explained }))[0].grid;
}

test('each face gets the map of its label and no other change', async () => {
  const explained = guidedBackpropagation(model)(photo, faces);
  expect(explained).toHaveLength(3);
  for (const [i, { guided, ...face }] of explained.entries()) {
    expect(face).toEqual(faces[i]);
    expect(guided?.grid).toEqual(await expected(faces[i]));
    expect(guided?.grid.values.some((value) => value !== 0)).toBe(true);
  }
});

test('the label of the face is explained, not the one that the network predicts here', async () => {
  const [face] = faces;
  const other = model.classes.find((name) => name !== face.label) as string;
  const [explained] = guidedBackpropagation(model)(photo, [{ ...face, label: other }]);
  expect(explained.guided?.grid).toEqual(await expected({ ...face, label: other }));
  expect(explained.guided?.grid).not.toEqual(await expected(face));
});

test('a crowd is explained in blocks', () => {
  const crowd = Array.from({ length: 20 }, (_, i) => faces[i % 3]);
  const explained = guidedBackpropagation(model)(photo, crowd);
  const grids = explained.map(({ guided }) => guided?.grid);
  for (let i = 3; i < 20; i++) expect(grids[i]).toEqual(grids[i % 3]);
  expect(guidedBackpropagation(model)(photo, [])).toEqual([]);
});

test('in a stream the smoothed label is explained', async () => {
  const guided = guidedBackpropagation(model);
  for await (const frame of predictStream(model, [photo, photo], { smoothing: 2, guided })) {
    expect(frame.milliseconds.guided).toBeGreaterThan(0);
    for (const face of frame.faces) expect(face.guided?.grid).toEqual(await expected(face));
  }
});

test('is drawn beside the face', () => {
  const [first, second, third] = guidedBackpropagation(model)(photo, faces);
  const drawings = [faces, [first, second, third], [first, faces[1], faces[2]]].map((drawn) =>
    Buffer.from(drawPredictions(photo, drawn)).toString('base64'),
  );
  expect(new Set(drawings).size).toBe(3);
});

test('an ensemble is refused', () => {
  const ensemble = {
    ...model,
    ...ensembleOf([
      { name: 'first', model },
      { name: 'second', model },
    ]),
  };
  expect(() => guidedBackpropagation(ensemble)).toThrow(expect.objectContaining({ code: 'INVALID_MODEL' }));
});

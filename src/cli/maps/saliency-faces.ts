import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { Dataset } from '../../data/dataset.ts';
import { formatOf } from '../../maps/map-file.ts';
import type { SaliencyPicture } from '../../maps/saliency-drawing.ts';
import { saliencyPicture } from '../../maps/saliency-picture.ts';
import { readPixels } from '../../network/read-pixels.ts';
import type { Network } from '../../nn/network.ts';
import { type SaliencyMap, type SaliencyOptions, saliency } from '../../saliency/saliency.ts';
import type { ExplainedFace } from './saliency-answers.ts';
import { mapOptions, measureOf, methodsOf, type SaliencyValues, SHOWN, unitOf } from './saliency-options.ts';

/**
 * Explains one face by the methods of the options, and draws the maps into `file`.
 *
 * @throws EvopatchError `INVALID_OPTION` for a file whose ending is neither .png nor .svg; as `saliency`.
 */
export async function explainFace(
  network: Network,
  dataset: Pick<Dataset, 'frames' | 'labels' | 'frame' | 'classes'>,
  sample: number,
  {
    values,
    explained,
    signal,
  }: {
    values: SaliencyValues;
    explained: SaliencyOptions['explained'];
    signal: AbortSignal;
  },
  file: string | undefined,
): Promise<ExplainedFace> {
  const { frames, frame, classes } = dataset;
  const pixels = frame.size * frame.size;
  const indices = Uint32Array.of(sample);
  const found: { method: keyof typeof SHOWN; map: SaliencyMap }[] = [];
  for (const method of methodsOf(values, 'all')) {
    const options = { network, dataset, indices, method, explained, signal, ...mapOptions(values) };
    found.push({ method, map: (await saliency(options))[0] });
  }
  const [{ map: first }] = found;
  const name = classes[first.class];
  const share = `${Math.round(100 * first.probability)} %`;
  if (file !== undefined) {
    const picture = saliencyPicture({
      title: values.scalar === 'channel-max' ? 'What the convolutions respond to' : `Why ‘${name}’`,
      notes: [
        `The model gives this face ${share} for ‘${name}’.`,
        'It does not read grey pixels. Below: magnitudes over the face, bright where the map is larger.',
      ],
      frame,
      face: frames.subarray(sample * pixels, (sample + 1) * pixels),
      read: readPixels(network.spec),
      maps: found.map(({ method, map: { grid } }) => ({
        ...SHOWN[method],
        grid,
        unit: measureOf(method, values),
      })),
    });
    await savePicture(picture, file, values.scale);
  }
  return {
    class: name,
    probability: first.probability,
    maps: found.map(({ method, map: { scalar, baseline, grid } }) => ({
      method,
      unit: unitOf(method, values),
      scalar,
      ...(baseline === undefined ? {} : { baseline }),
      rows: rowsOf(grid),
    })),
    ...(file === undefined ? {} : { picture: file }),
  };
}

/** @throws EvopatchError `INVALID_OPTION` for a file whose ending is neither .png nor .svg; `FILE_SYSTEM`. */
export async function savePicture(picture: SaliencyPicture, file: string, scale?: number): Promise<void> {
  const format = formatOf(file, ['png', 'svg']);
  await writeFileAtomic(file, format === 'png' ? picture.toPng(scale) : picture.toSvg(scale));
}

/** Gives the values row by row, with six digits each. */
export function rowsOf({ size, values }: SaliencyMap['grid']): number[][] {
  const rounded = Array.from(values, (value) => Number(value.toPrecision(6)));
  return Array.from({ length: size }, (_, row) => rounded.slice(row * size, (row + 1) * size));
}

export function describeFace({ class: name, probability, maps, picture }: ExplainedFace): string {
  const explained = `${name} ${Math.round(100 * probability)} %`;
  const sums = maps.flatMap(({ method, rows, scalar, baseline }) => {
    if (baseline === undefined) return [];
    const sum = rows.flat().reduce((total, value) => total + value, 0);
    return [`${method}: sums to ${sum.toFixed(3)} of ${(scalar - baseline).toFixed(3)}`];
  });
  return [explained, ...sums, ...(picture === undefined ? [] : [`picture: ${picture}`])].join('\n  ');
}

import { extname } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import type { MapLook } from '../../maps/content.ts';
import { formatOf } from '../../maps/map-file.ts';
import type { Weighting } from '../../maps/weights.ts';
import type { MapSubject } from './map-runs.ts';

/** The checked options of the command `map`. */
export interface MapPlan {
  readonly model?: string;
  readonly runs: readonly string[];
  readonly subject: MapSubject;
  readonly weighting?: Weighting;
  readonly look: MapLook;
  readonly file: string;
}

/** Checks the options. @throws EvopatchError `INVALID_OPTION` for options that exclude each other, with a hint. */
export function mapPlan(values: {
  readonly model?: string;
  readonly run?: readonly string[];
  readonly of?: string;
  readonly weights?: string;
  readonly out: string;
  readonly style?: string;
  readonly colors?: string;
  readonly overlay: boolean;
  readonly scale?: number;
  readonly on?: string;
  readonly data?: string;
  readonly points?: string;
}): MapPlan {
  const { model, run: runs = [], out: file, on, data, points, overlay } = values;
  const { of = 'best', weights, style, colors, scale } = values;
  const refuse = (option: string, problem: string, hint: string) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, hint });
  };
  if ((model === undefined) === (runs.length === 0)) {
    const given = model === undefined ? 'none' : '--model and --run';
    throw new EvopatchError('INVALID_OPTION', 'give exactly one of --model, --run', { given });
  }
  if (model !== undefined && of !== 'best') {
    refuse(
      '--of',
      `only a run has ${of === 'generations' ? '' : 'a '}${of}`,
      'A model is one network; give --run DIR',
    );
  }
  if (of === 'generations' && runs.length > 1) {
    refuse('--of', 'generations are shown for one run', 'Give one --run, or another --of for several');
  }
  if (of === 'consensus' && runs.length < 2) {
    refuse('--of', 'a consensus is one of several runs', 'Give --run DIR twice or more');
  }
  if (weights !== undefined && (of === 'best' || of === 'consensus')) {
    const hint = 'Give --of front, population or generations, or leave out --weights';
    refuse('--weights', 'a single best genome cannot be weighted', hint);
  }
  if (weights === 'rank' && of !== 'population') {
    refuse('--weights', 'all genomes of a front have the same rank', 'Give --weights error or count');
  }
  const format = formatOf(
    file,
    of === 'generations'
      ? ['apng', 'gif', 'png', 'svg', 'csv', 'json']
      : of === 'consensus'
        ? ['png', 'svg', 'json']
        : ['png', 'svg', 'csv', 'json'],
  );
  const given = Object.entries({ style, colors, scale, on, overlay: overlay || undefined });
  const [picture] = given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (picture !== undefined && (format === 'csv' || format === 'json')) {
    refuse(
      picture,
      `${extname(file)} holds numbers, no picture`,
      'Leave it out, or give --out another ending',
    );
  }
  if (of === 'generations' && (format === 'png' || format === 'svg') && (overlay || on !== undefined)) {
    const hint = 'Give --out a name that ends in .apng';
    refuse(overlay ? '--overlay' : '--on', 'maps side by side are drawn on mean faces', hint);
  }
  const unfit = Object.entries({ style, colors, on, overlay: overlay || undefined });
  const [fixed] = unfit.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (of === 'consensus' && fixed !== undefined) {
    refuse(fixed, 'a consensus is drawn in one way, on the mean face', 'Leave it out');
  }
  if (overlay && format === 'gif') {
    refuse('--overlay', 'a GIF has no partly transparent pixels', 'Give --out a name that ends in .apng');
  }
  if (scale !== undefined && on !== undefined) {
    refuse('--scale', 'a photo keeps its own pixels', 'Leave out --scale, or --on');
  }
  if (data !== undefined && (on !== undefined || overlay)) {
    const below = on === undefined ? 'an overlay shows no face' : 'the map is drawn on the photo';
    refuse('--data', below, `Leave out --data, or ${on === undefined ? '--overlay' : '--on'}`);
  }
  if (points !== undefined && data === undefined) {
    refuse('--points', 'points need the faces that they belong to', 'Give --data PATH too');
  }
  return {
    model,
    runs,
    subject: of as MapSubject,
    weighting: weights as Weighting | undefined,
    look: {
      ...(scale === undefined ? {} : { scale }),
      ...(style === undefined ? {} : { style: style as MapLook['style'] }),
      ...(colors === undefined ? {} : { colors: colors as MapLook['colors'] }),
      overlay,
    },
    file,
  };
}

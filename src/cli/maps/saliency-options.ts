import { EvopatchError } from '../../core/errors.ts';
import type { Network } from '../../nn/network.ts';
import { openExplainer, SALIENCY_METHODS, type SaliencyMethod } from '../../saliency/explainer.ts';
import type { SaliencyOptions } from '../../saliency/saliency.ts';
import { SALIENCY_SCALARS, type SaliencyScalar } from '../../saliency/scalars.ts';
import { DATA_OPTIONS, type OptionTable, type OptionValues } from '../command.ts';
import { MODEL_FACES_OPTIONS } from '../models/model-faces.ts';
import { SALIENCY } from '../outputs/output-forms.ts';

export const SALIENCY_OPTIONS = {
  ...MODEL_FACES_OPTIONS,
  data: { ...DATA_OPTIONS.data, description: `Instead of photos. ${DATA_OPTIONS.data.description}` },
  out: {
    kind: 'text',
    placeholder: 'FILE',
    output: SALIENCY,
    description:
      'The picture to write, .png or .svg; for several photos or a folder of them, a folder. It replaces an earlier picture.',
  },
  method: {
    kind: 'text',
    placeholder: 'NAME',
    choices: [...SALIENCY_METHODS, 'all'],
    description:
      "'gradient' is the change of the explained number with each pixel. 'guided' is the same without evidence against it " +
      "(guided backpropagation). 'integrated' is the contribution of each pixel. 'grad-cam' shows which positions of the " +
      "last convolution support it. 'all' shows them side by side.",
    default: "all; 'guided' for the means of classes",
  },
  class: {
    kind: 'text',
    placeholder: 'NAME',
    description: "The class to explain: a class of the model, 'predicted', or 'true' with --data.",
    default: "predicted; 'true' for the means of classes",
  },
  scalar: {
    kind: 'text',
    placeholder: 'KIND',
    choices: SALIENCY_SCALARS,
    description:
      "The number to explain: the class's 'logit' or 'probability', or 'channel-max', the sum over the last " +
      'convolutions of the largest channel at each position (Arriaga et al.).',
    default: 'logit',
  },
  layer: {
    kind: 'text',
    placeholder: 'NAME',
    description:
      "Comma-separated layers for 'channel-max' or 'grad-cam', instead of the last convolutions; " +
      "'evopatch inspect --model FILE' lists them.",
  },
  steps: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 1024,
    description: "Steps of the integral of 'integrated'; more are more exact",
    default: '32',
  },
  face: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 0,
    description: 'With --data: explain only the face with this number, instead of the means of classes',
  },
  limit: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'With --data: use only the first N faces of the split',
    default: 'all; 64 for --check',
  },
  check: {
    kind: 'flag',
    description:
      'With --data: test whether the maps depend on what the model has learned, by comparing them with those of the ' +
      'same network with random weights (Adebayo et al. 2018).',
  },
  scale: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 2,
    maximum: 32,
    description: 'Picture pixels for each pixel of a face',
    default: '6; 4 for the means of classes',
  },
} as const satisfies OptionTable;

export type SaliencyValues = OptionValues<typeof SALIENCY_OPTIONS>;

/** Gives the options of the maps, without faces and class. */
export function mapOptions({
  scalar,
  layer,
  steps,
}: SaliencyValues): Pick<SaliencyOptions, 'layers' | 'scalar' | 'steps'> {
  return { scalar: scalar as SaliencyScalar | undefined, layers: layer?.split(','), steps };
}

/** Lists the chosen methods; 'all' leaves out Grad-CAM where it does not apply. */
export function methodsOf(
  { method, scalar }: SaliencyValues,
  usual: SaliencyMethod | 'all',
): readonly SaliencyMethod[] {
  const wanted = (method ?? usual) as SaliencyMethod | 'all';
  if (wanted !== 'all') return [wanted];
  return SALIENCY_METHODS.filter((one) => one !== 'grad-cam' || scalar !== 'channel-max');
}

/**
 * Checks that the chosen maps can be made for a network.
 *
 * @throws EvopatchError `INVALID_OPTION` for a layer that it does not have, or a method that does not apply to it.
 */
export function checkMapOptions(
  network: Network,
  values: SaliencyValues,
  usual: SaliencyMethod | 'all',
): void {
  for (const method of methodsOf(values, usual)) openExplainer(network, { method, ...mapOptions(values) });
}

/**
 * Finds the class to explain.
 *
 * @throws EvopatchError `INVALID_OPTION` where the model does not know it.
 */
export function explainedOf(
  { class: wanted }: SaliencyValues,
  classes: readonly string[],
  usual: 'predicted' | 'true',
): 'predicted' | 'true' | number {
  if (wanted === undefined) return usual;
  if (wanted === 'predicted' || wanted === 'true') return wanted;
  const label = classes.indexOf(wanted);
  if (label >= 0) return label;
  const hint = `The model knows ${classes.join(', ')}`;
  throw new EvopatchError('INVALID_OPTION', 'there is no such class', {
    option: '--class',
    given: wanted,
    hint,
  });
}

/** Names of the methods, and how their maps are drawn. */
export const SHOWN = {
  gradient: { name: 'gradient', shown: 'signed' },
  guided: { name: 'guided backpropagation', shown: 'contrast' },
  integrated: { name: 'integrated gradients', shown: 'signed' },
  'grad-cam': { name: 'Grad-CAM', shown: 'magnitude' },
} as const satisfies Record<SaliencyMethod, unknown>;

/** Gives the unit of the values of a map. */
export function unitOf(method: SaliencyMethod, { scalar = 'logit' }: SaliencyValues): string {
  const counted = { logit: 'logits', probability: 'probability', 'channel-max': 'activation' }[
    scalar as SaliencyScalar
  ];
  return method === 'gradient' || method === 'guided' ? `${counted} per deviation of grey` : counted;
}

/** Describes the unit, for pictures. */
export function measureOf(method: SaliencyMethod, { scalar = 'logit' }: SaliencyValues): string {
  const counted = {
    logit: "the class's score",
    probability: 'the probability',
    'channel-max': 'the activation',
  }[scalar as SaliencyScalar];
  return `${method === 'gradient' || method === 'guided' ? 'change' : 'share'} of ${counted}`;
}

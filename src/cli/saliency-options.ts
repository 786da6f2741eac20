import { EvopatchError } from '../core/errors.ts';
import type { Network } from '../nn/network.ts';
import { openExplainer, SALIENCY_METHODS, type SaliencyMethod } from '../saliency/explainer.ts';
import type { SaliencyOptions } from '../saliency/saliency.ts';
import { SALIENCY_SCALARS, type SaliencyScalar } from '../saliency/scalars.ts';
import { DATA_OPTIONS, type OptionTable, type OptionValues } from './command.ts';
import { MODEL_FACES_OPTIONS } from './model-faces.ts';
import { SALIENCY } from './output-forms.ts';

export const SALIENCY_OPTIONS = {
  ...MODEL_FACES_OPTIONS,
  data: { ...DATA_OPTIONS.data, description: `In place of photos. ${DATA_OPTIONS.data.description}` },
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
      "'gradient': how the explained number changes with each pixel. 'guided': the same without what speaks against " +
      "it (guided backpropagation). 'integrated': what each pixel adds to it. 'grad-cam': which places of the last " +
      "convolution speak for it. 'all' shows them side by side.",
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
      'convolutions of the largest channel at each place (Arriaga et al.).',
    default: 'logit',
  },
  layer: {
    kind: 'text',
    placeholder: 'NAME',
    description:
      "Layers for 'channel-max' or 'grad-cam', commas between them, in place of the last convolutions; " +
      "'evopatch inspect --model FILE' lists them.",
  },
  steps: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 1024,
    description: "Pictures on the way of 'integrated'; more of them come closer to the exact sum",
    default: '32',
  },
  face: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 0,
    description: 'With --data: this one face, by its number, in place of the means of classes',
  },
  limit: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'With --data: only the first N faces of the split',
    default: 'all; 64 for --check',
  },
  check: {
    kind: 'flag',
    description:
      'With --data: test whether the maps hang on what the model has learned, by comparing them with those of the ' +
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

/** What the options say about the maps, apart from faces and class. */
export function mapOptions({
  scalar,
  layer,
  steps,
}: SaliencyValues): Pick<SaliencyOptions, 'layers' | 'scalar' | 'steps'> {
  return { scalar: scalar as SaliencyScalar | undefined, layers: layer?.split(','), steps };
}

/** The methods that are asked for; 'all' leaves out Grad-CAM where it does not apply. */
export function methodsOf(
  { method, scalar }: SaliencyValues,
  usual: SaliencyMethod | 'all',
): readonly SaliencyMethod[] {
  const wanted = (method ?? usual) as SaliencyMethod | 'all';
  if (wanted !== 'all') return [wanted];
  return SALIENCY_METHODS.filter((one) => one !== 'grad-cam' || scalar !== 'channel-max');
}

/**
 * Checks that the maps that the options ask for can be made of a network.
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
 * The class that is asked for.
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

/** What methods are called, and how their maps are drawn alone. */
export const SHOWN = {
  gradient: { name: 'gradient', shown: 'signed' },
  guided: { name: 'guided backpropagation', shown: 'contrast' },
  integrated: { name: 'integrated gradients', shown: 'signed' },
  'grad-cam': { name: 'Grad-CAM', shown: 'magnitude' },
} as const satisfies Record<SaliencyMethod, unknown>;

/** What the values of a map count. */
export function unitOf(method: SaliencyMethod, { scalar = 'logit' }: SaliencyValues): string {
  const counted = { logit: 'logits', probability: 'probability', 'channel-max': 'activation' }[
    scalar as SaliencyScalar
  ];
  return method === 'gradient' || method === 'guided' ? `${counted} per deviation of grey` : counted;
}

/** The same in words, for pictures. */
export function measureOf(method: SaliencyMethod, { scalar = 'logit' }: SaliencyValues): string {
  const counted = {
    logit: "the class's score",
    probability: 'the probability',
    'channel-max': 'the activation',
  }[scalar as SaliencyScalar];
  return `${method === 'gradient' || method === 'guided' ? 'change' : 'share'} of ${counted}`;
}

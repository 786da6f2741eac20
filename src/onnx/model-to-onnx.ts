import { canonicalJson } from '../core/canonical-json.ts';
import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { Ensemble, networksOf, type Predictor } from '../ensemble/ensemble.ts';
import type { Model } from '../nn/model.ts';
import { addCombination } from './combination-nodes.ts';
import { FrameNodes } from './frame-nodes.ts';
import { Graph } from './graph.ts';
import { addNetwork } from './network-nodes.ts';
import { DATA_TYPES, encodeOnnx, type OnnxSide, type OnnxValue } from './schema.ts';

/** Resizing takes its axes, and means take theirs as an input, from this set of operators on (ONNX 1.13). */
const OPERATOR_SET = 18;
const IR_VERSION = 8;

/** The type of the frames that a graph reads. */
export const ONNX_INPUTS = ['uint8', 'float32'] as const;
export type OnnxInput = (typeof ONNX_INPUTS)[number];

/** How the metadata says what they are. */
export const ONNX_FORMAT = 'evopatch onnx';
const FORMAT_VERSION = '1';

/** The names of the graph's input and output. */
const INPUT = 'frames';
const OUTPUT = 'probabilities';

export interface OnnxOptions {
  /** Type of the grey levels 0 to 255 that the graph reads. @defaultValue 'uint8' */
  readonly input?: OnnxInput;
  /** Licence of the model, as 'CC-BY-4.0'. @defaultValue 'unspecified' */
  readonly license?: string;
}

/**
 * Writes a model or an ensemble as an ONNX file. Its graph turns `frames`, grey levels [N][1][size][size] for any N, into
 * `probabilities`, [N][classes]; all that the network does to a face frame is inside. The metadata hold, as JSON, `classes`,
 * `frame` (see `ModelFrame`), `info`, `genome` if there is one and, of an ensemble, `members` with their own; and as text
 * `format`, `version` and `license`. Equal models give equal bytes.
 *
 * @throws EvopatchError `INVALID_MODEL` if the weights are not whole, `INVALID_OPTION` for an unknown input, `MISSING_PACKAGE`.
 */
export function modelToOnnx(model: Model<Predictor>, options: OnnxOptions = {}): Uint8Array {
  const { input = 'uint8', license = 'unspecified' } = options;
  if (!ONNX_INPUTS.includes(input)) {
    const data = { option: 'input', given: describeValue(input) };
    throw new EvopatchError('INVALID_OPTION', `must be one of ${ONNX_INPUTS.join(', ')}`, data);
  }
  const { network, classes, frame, info } = model;
  const graph = new Graph();
  const frames = new FrameNodes(graph, INPUT, frame.size);
  const isEnsemble = network instanceof Ensemble;
  const logits = networksOf(network).map((one, i) => {
    return addNetwork(graph, frames, one, isEnsemble ? `member${i}/` : 'network/');
  });
  if (isEnsemble) addCombination(graph, logits, network, OUTPUT);
  else graph.node('Softmax', logits, OUTPUT, { axis: 1 });

  const batch = { dimParam: 'N' };
  const sides = [1, frame.size, frame.size].map((dimValue) => ({ dimValue }));
  const metadata = {
    format: ONNX_FORMAT,
    version: FORMAT_VERSION,
    license,
    classes: canonicalJson(classes),
    frame: canonicalJson(frame),
    info: canonicalJson(info),
    ...(model.genome === undefined ? {} : { genome: canonicalJson(model.genome) }),
    ...(isEnsemble ? { members: canonicalJson(membersOf(network)) } : {}),
  };
  return encodeOnnx({
    irVersion: IR_VERSION,
    producerName: 'evopatch',
    producerVersion: VERSION,
    opsetImport: [{ domain: '', version: OPERATOR_SET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: isEnsemble ? 'ensemble' : network.spec.name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: [tensorValue(INPUT, input, [batch, ...sides])],
      output: [tensorValue(OUTPUT, 'float32', [batch, { dimValue: classes.length }])],
    },
  });
}

function membersOf({ members }: Ensemble) {
  return members.map(({ genome, info }) => ({ info, ...(genome === undefined ? {} : { genome }) }));
}

function tensorValue(name: string, type: keyof typeof DATA_TYPES, dim: readonly OnnxSide[]): OnnxValue {
  return { name, type: { tensorType: { elemType: DATA_TYPES[type], shape: { dim } } } };
}

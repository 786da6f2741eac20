import { canonicalGenome } from '../genome/canonical.ts';
import type { Genome } from '../genome/genome.ts';
import { HAND_MADE_NETWORK } from '../genome/layouts.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { openImage } from '../images/open-image.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import { describeNetwork } from '../network/describe.ts';
import type { Engine } from '../nn/engine.ts';
import { initialWeights } from '../nn/initialize.ts';
import { Layout } from '../nn/layout.ts';
import { Network } from '../nn/network.ts';
import { placeParameters } from '../nn/parameters.ts';
import { type ExpressionModel, expressionModel } from '../prediction/expression-model.ts';
import { faceFinder } from '../prediction/face-finder.ts';

/** Hand-placed patches on both eyes with their brows and on the mouth, of a size typical for evolved genomes. */
export const EYES_AND_MOUTH: Genome = canonicalGenome({
  patches: [
    { dx: -12, dy: -16, width: 20, height: 16, mirrored: true, scale: 1 },
    { dx: 0, dy: 11, width: 28, height: 16, mirrored: false, scale: 1 },
  ],
  network: HAND_MADE_NETWORK,
});

const CLASSES = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];

/** Makes a model with random weights, for timing only. */
export function untrainedModel(engine: Engine, detector?: LandmarkDetector): ExpressionModel<Network> {
  const spec = toNetworkSpec(EYES_AND_MOUTH, { classes: CLASSES.length, frame: FACE_FRAME });
  const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
  const network = new Network(engine, spec, initialWeights(parameters, 'untrained'));
  const model = { network, classes: CLASSES, frame: FACE_FRAME, genome: EYES_AND_MOUTH, info: {} };
  return expressionModel(model, {
    align: 'similarity',
    genome: EYES_AND_MOUTH,
    finder: faceFinder('tiny', detector),
    openImage,
  });
}

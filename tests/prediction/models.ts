import { EYES_AND_MOUTH, untrainedModel } from '../../src/bench/untrained-model.ts';
import { openImage } from '../../src/images/open-image.ts';
import type { AlignmentMethod } from '../../src/landmarks/alignment.ts';
import type { LandmarkDetector } from '../../src/landmarks/landmark-detector.ts';
import { openEngine } from '../../src/nn/engine.ts';
import type { Network } from '../../src/nn/network.ts';
import { type ExpressionModel, expressionModel } from '../../src/prediction/expression-model.ts';
import { faceFinder } from '../../src/prediction/face-finder.ts';

/** A model of random weights; with face-api where no detector is given. */
export async function someModel(
  align: AlignmentMethod = 'similarity',
  detector?: LandmarkDetector,
): Promise<ExpressionModel<Network>> {
  const { network, classes, frame, info } = untrainedModel(await openEngine());
  const model = { network, classes, frame, genome: EYES_AND_MOUTH, info };
  const finder = faceFinder('auto', detector);
  return expressionModel(model, { align, genome: EYES_AND_MOUTH, finder, openImage });
}

import type { Dataset } from '../data/dataset.ts';
import { Ensemble, type Predictor } from '../ensemble/ensemble.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import type { Model } from '../nn/model-file.ts';
import { quantizeNetwork } from './quantize-network.ts';

/** Faces on which the ranges of the layers are measured, unless the caller names others. */
const FACES = 1000;

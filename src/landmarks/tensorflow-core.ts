import { loadPackage } from '../core/packages.ts';

/** The methods of tensors that face-api's detectors, landmarks, gender and age call. */
const CHAINED = ['div', 'expandDims', 'mul', 'reshape', 'slice', 'sub'] as const;
const RANKS = ['as2D', 'as3D', 'as4D'] as const;

type Tensor = Record<string, unknown> & { readonly size: number };
type Operation = (tensor: Tensor, ...rest: unknown[]) => Tensor;
type Core = Readonly<Record<(typeof CHAINED)[number], Operation>> & {
  readonly Tensor: { readonly prototype: Record<string, unknown> };
};

/**
 * Loads the core of TensorFlow.js, which is all that face-api computes with. Only the whole, of 230 MB more, gives its
 * tensors methods, so this adds the ones that are called.
 *
 * @throws EvopatchError `MISSING_PACKAGE`
 */
export function loadTensorFlow(): Core {
  const core = loadPackage<Core>('@tensorflow/tfjs-core');
  const methods = core.Tensor.prototype;
  for (const name of CHAINED) {
    methods[name] = function (this: Tensor, ...rest: unknown[]) {
      return core[name](this, ...rest);
    };
  }
  methods.as1D = function (this: Tensor) {
    return core.reshape(this, [this.size]);
  };
  for (const name of RANKS) {
    methods[name] = function (this: Tensor, ...shape: number[]) {
      return core.reshape(this, shape);
    };
  }
  return core;
}

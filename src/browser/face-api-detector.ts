import { EvopatchError } from '../core/errors.ts';
import type { FaceNetworks, Networks, Tensor } from '../landmarks/face-networks.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import { type DetectorOptions, networkDetector } from '../landmarks/network-detector.ts';

/** What evopatch uses of face-api (@vladmandic/face-api), as its builds for pages export it. */
export interface FaceApi {
  readonly tf: {
    tensor3d(values: Float32Array, shape: [height: number, width: number, channels: number]): Tensor;
  };
  readonly nets: { readonly [Name in keyof Networks]: Networks[Name] & { readonly isLoaded: boolean } };
  readonly version: string;
}

/**
 * Makes a detector of the page's own face-api, whose networks the page has loaded: `faceLandmark68Net`, `tinyFaceDetector` or
 * `ssdMobilenetv1`, and `ageGenderNet` for attributes. It prepares pictures as evopatch does in Node; the numbers of landmarks
 * depend on the backend of TensorFlow.js in their last digits.
 *
 * @throws EvopatchError `INVALID_OPTION`; at its use `ENGINE_UNAVAILABLE` if a network is not loaded.
 */
export function faceApiDetector(
  { tf, nets, version }: FaceApi,
  options: DetectorOptions = {},
): Required<LandmarkDetector> {
  const networks: FaceNetworks = {
    open: async (name) => {
      if (nets[name].isLoaded) return nets[name];
      const hint = `Load it first: await faceapi.nets.${name}.loadFromUri('models')`;
      throw new EvopatchError('ENGINE_UNAVAILABLE', `face-api's network ${name} is not loaded`, { hint });
    },
    withTensor: async ({ values, width, height }, use) => {
      const tensor = tf.tensor3d(values, [height, width, 3]);
      try {
        return await use(tensor);
      } finally {
        tensor.dispose();
      }
    },
  };
  return networkDetector(networks, `face-api ${version} of the page`, options);
}

import type { Picture } from './picture.ts';

/** The parts of face-api and TensorFlow.js that evopatch uses; both ship larger types that their builds contradict. */
export interface Tensor {
  dispose(): void;
}

export interface Detection {
  readonly score: number;
  /** Pixels of the input picture. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface Networks {
  readonly tinyFaceDetector: {
    locateFaces(
      picture: Tensor,
      options: { readonly inputSize: number; readonly scoreThreshold: number },
    ): Promise<Detection[]>;
  };
  readonly ssdMobilenetv1: {
    locateFaces(picture: Tensor, options: { readonly minConfidence: number }): Promise<Detection[]>;
  };
  readonly faceLandmark68Net: {
    detectLandmarks(
      picture: Tensor,
    ): Promise<{ readonly positions: readonly { readonly x: number; readonly y: number }[] }>;
  };
  readonly ageGenderNet: {
    predictAgeAndGender(picture: Tensor): Promise<{
      readonly gender: 'female' | 'male';
      readonly genderProbability: number;
      readonly age: number;
    }>;
  };
}

/** The networks of face-api, wherever they run. */
export interface FaceNetworks {
  /** Opens one of them. @throws EvopatchError `ENGINE_UNAVAILABLE` */
  open<Name extends keyof Networks>(name: Name): Promise<Networks[Name]>;
  /** Passes a picture to a network as a tensor. */
  withTensor<Result>(picture: Picture, use: (tensor: Tensor) => Promise<Result>): Promise<Result>;
}

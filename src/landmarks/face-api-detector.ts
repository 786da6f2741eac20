import { FACE_NETWORKS, faceApiVersion, openFaceApi } from './face-api.ts';
import type { LandmarkDetector } from './landmark-detector.ts';
import { type DetectorOptions, describeDetector, networkDetector } from './network-detector.ts';

/** Names what a detector with these options computes, without opening it. */
export function detectorVersion(options: DetectorOptions = {}): string {
  return describeDetector(faceApiVersion(), options);
}

/**
 * Opens face-api's detectors, its 68-point network and its network for age and gender, in this thread. It reads each network at
 * its first use.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE`; `INVALID_OPTION`
 */
export async function openLandmarkDetector(
  options: DetectorOptions = {},
): Promise<Required<LandmarkDetector>> {
  const detector = networkDetector(FACE_NETWORKS, faceApiVersion(), options);
  await openFaceApi();
  return detector;
}

// The entry `evopatch/browser`: models read faces in pages and their workers. Nothing here, or below, may need Node; a test
// bundles it for a page.
export { type ErrorCode, type ErrorData, EvopatchError } from '../core/errors.ts';
export { costOf } from '../ensemble/ensemble.ts';
export type { PatchQuadrilateral } from '../genome/patch-quadrilaterals.ts';
export type { CanvasPixels, PixelSource } from '../images/open-pixels.ts';
export type { GreyImage, Photo } from '../images/photo.ts';
export type { FacePose, Point } from '../landmarks/face-pose.ts';
export { type FollowOptions, followLandmarks } from '../landmarks/follow-landmarks.ts';
export { FACE_FRAME, type FrameGeometry } from '../landmarks/frame-geometry.ts';
export type { Box, FaceAttributes, LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';
export type { DetectorOptions } from '../landmarks/network-detector.ts';
export type { Similarity } from '../landmarks/similarity.ts';
export type { Engine } from '../nn/arena.ts';
export type { FaceOptions } from '../prediction/expression-model.ts';
export type { PredictedFace, Prediction } from '../prediction/prediction.ts';
export { drawFace } from './draw-face.ts';
export { type EngineOptions, type KernelFiles, openEngine, type PageEngine } from './engine.ts';
export { type FaceApi, faceApiDetector } from './face-api-detector.ts';
export { faceAt } from './face-at.ts';
export { type LoadModelOptions, loadModel, type PageModel } from './load-model.ts';
export type { PageImage } from './page-image.ts';

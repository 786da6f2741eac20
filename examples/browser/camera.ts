// Frames of the camera, one at a time: the next one is taken when the last one has been read.

export interface Camera {
  /** Whether it looks at the user, who then expects a mirror. */
  readonly mirrored: boolean;
  stop(): void;
}

/**
 * Opens the camera and gives each frame to `onFrame`, which owns it.
 *
 * @param onEnd hears that the camera has ended by itself, or why its frames cannot be read
 * @throws DOMException as `getUserMedia`
 */
export async function openCamera(
  onFrame: (frame: ImageBitmap, camera: Camera) => Promise<void>,
  onEnd: (error?: unknown) => void,
): Promise<Camera> {
  const wanted = { video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'user' } };
  const stream = await navigator.mediaDevices.getUserMedia(wanted);
  const [track] = stream.getVideoTracks();
  const video = document.createElement('video');
  let open = true;
  const stop = () => {
    open = false;
    track.stop();
    video.srcObject = null;
  };
  const camera: Camera = { mirrored: track.getSettings().facingMode !== 'environment', stop };
  track.addEventListener('ended', () => {
    stop();
    onEnd();
  });
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  const run = async () => {
    while (open) {
      await nextFrame(video);
      if (open) await onFrame(await createImageBitmap(video), camera);
    }
  };
  run().catch((error) => {
    stop();
    onEnd(error);
  });
  return camera;
}

function nextFrame(video: HTMLVideoElement): Promise<unknown> {
  return new Promise((resolve) => video.requestVideoFrameCallback(resolve));
}

/** Counts what happened in the latest second. */
export class RateMeter {
  #times: number[] = [];

  /** Notes that it happened now, and gives how often it happens a second. */
  tick(now = performance.now()): number {
    this.#times = [...this.#times.filter((time) => time > now - 1000), now];
    const span = now - this.#times[0];
    return span === 0 ? 0 : ((this.#times.length - 1) * 1000) / span;
  }
}

// Frames of the camera, one at a time: while one is read, the next one is taken.

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
    let coming = nextFrame(video);
    while (open) {
      const frame = await coming;
      if (!open) return frame.close();
      coming = nextFrame(video);
      coming.catch(() => {}); // heard when it is awaited, if it still is
      await onFrame(frame, camera);
    }
  };
  run().catch((error) => {
    stop();
    onEnd(error);
  });
  return camera;
}

async function nextFrame(video: HTMLVideoElement): Promise<ImageBitmap> {
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  return createImageBitmap(video);
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

import type { UpdateSettings } from '../network-session.ts';

/** A trainable array with its gradient and moments. */
export interface Update {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  /** Two for AdamW, one for SGD. */
  readonly moments: readonly Float32Array[];
  /** Whether weight decay applies. */
  readonly decays: boolean;
}

/** Scales gradients down to a norm if together they are longer (Pascanu et al. 2013). */
export function clipGradients(gradients: readonly Float32Array[], limit: number): void {
  let squares = 0;
  for (const gradient of gradients) for (const value of gradient) squares += value * value;
  const norm = Math.sqrt(squares);
  if (!(norm > limit)) return;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] *= limit / norm;
}

/** A step of AdamW (Loshchilov & Hutter 2019, algorithm 2), as in kernels/optimizer.c. */
export function adamw(
  { weights, gradient, moments: [first, second], decays }: Update,
  settings: UpdateSettings,
) {
  const [rate, beta1, beta2, epsilon, correction1, correction2, decay] = settings;
  const keep = decays ? 1 - rate * decay : 1;
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    const step = (first[i] * correction1) / (Math.sqrt(second[i] * correction2) + epsilon);
    weights[i] = weights[i] * keep - rate * step;
  }
}

/** A step of gradient descent with Nesterov momentum (Sutskever et al. 2013), as in kernels/optimizer.c. */
export function sgd({ weights, gradient, moments: [velocity], decays }: Update, settings: UpdateSettings) {
  const [rate, momentum] = settings;
  const keep = decays ? 1 - rate * settings[6] : 1;
  for (let i = 0; i < weights.length; i++) {
    velocity[i] = momentum * velocity[i] + gradient[i];
    weights[i] = weights[i] * keep - rate * (momentum * velocity[i] + gradient[i]);
  }
}

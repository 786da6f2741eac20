import { faceSquare } from '../genome/patches.ts';
import type { NetworkTarget } from '../genome/to-network-spec.ts';
import type { Conv2dLayer, CropLayer, LayerSpec, NetworkSpec, PoolLayer } from '../network/spec.ts';

/** How a published network sees a face. */
export interface FaceInput {
  /** Side of its square input, pixels; the face of the frame is resampled where it has another. */
  readonly side?: number;
  readonly levels?: CropLayer['levels'];
}

type ConvOptions = Partial<Pick<Conv2dLayer, 'input' | 'stride' | 'padding' | 'bias' | 'l2'>>;

/**
 * Writes a network down layer by layer. Each method adds a layer that reads the one before it, unless told otherwise,
 * and gives back its name.
 */
export class NetworkWriter {
  readonly #target: NetworkTarget;
  readonly #layers: LayerSpec[] = [];
  #last = '';

  /** Begins with the face of the frame, without the frame's border: layer `face`. */
  constructor(target: NetworkTarget, { side, levels }: FaceInput = {}) {
    this.#target = target;
    const square = faceSquare(target.frame);
    const crop = {
      kind: 'crop',
      ...square,
      mirror: false,
      ...(levels === undefined ? {} : { levels }),
    } as const;
    if (side === undefined || side === square.width) {
      this.#add({ ...crop, name: 'face' });
    } else {
      this.#add({ ...crop, name: 'face.crop' });
      this.#add({ kind: 'resize', name: 'face', input: this.#last, height: side, width: side });
    }
  }

  /** A square convolution; stride 1, 'same', with bias unless told otherwise. */
  conv(name: string, filters: number, side: number, options: ConvOptions = {}): string {
    const rest = { input: this.#last, stride: 1, padding: 'same', bias: true, ...options } as const;
    return this.#add({ kind: 'conv2d', name, filters, kernel: [side, side], ...rest });
  }

  /** A separable convolution 3×3 without bias: layers `name.depthwise` and `name`. */
  separable(name: string, filters: number, input = this.#last): string {
    const depthwise = { stride: 1, padding: 'same', bias: false, kernel: [3, 3] } as const;
    this.#add({ kind: 'depthwise-conv2d', name: `${name}.depthwise`, input, ...depthwise });
    return this.conv(name, filters, 1, { bias: false });
  }

  /** Batch normalisation with the statistics of the whole mini-batch: layer `…-norm` behind layer `…`. */
  norm(): string {
    const input = this.#last;
    return this.#add({ kind: 'batch-normalization', name: `${input}-norm`, input, statistics: 'batch' });
  }

  relu(name = `${this.#last}-relu`, input = this.#last): string {
    return this.#add({ kind: 'relu', name, input });
  }

  /** A square pool with stride 2, 'same'. */
  pool(name: string, kind: PoolLayer['kind'], side: number): string {
    return this.#add({ kind, name, input: this.#last, size: [side, side], stride: 2, padding: 'same' });
  }

  dropout(name: string, rate: number): string {
    return this.#add({ kind: 'dropout', name, input: this.#last, rate });
  }

  add(name: string, ...inputs: readonly string[]): string {
    return this.#add({ kind: 'add', name, inputs });
  }

  flatten(): string {
    return this.#add({ kind: 'flatten', name: 'flatten', input: this.#last });
  }

  globalAveragePool(name: string): string {
    return this.#add({ kind: 'global-average-pool', name, input: this.#last });
  }

  dense(name: string, units: number, { bias = true } = {}): string {
    return this.#add({ kind: 'dense', name, input: this.#last, units, bias });
  }

  /** The finished network; its last layer gives the logits. */
  network(name: string): NetworkSpec {
    const { classes, frame } = this.#target;
    return { name, frameSize: frame.size, classes, layers: this.#layers };
  }

  #add(layer: LayerSpec): string {
    this.#layers.push(layer);
    this.#last = layer.name;
    return layer.name;
  }
}

import type { LayerSpec, ReluLayer } from '../network/spec.ts';
import { addSteps, copySteps } from './forward-steps.ts';
import type { LayerGraph } from './layer-graph.ts';
import { type Halo, halosCover, type Tensor } from './layout.ts';
import { gradientHalo, type Placement } from './placement.ts';
import type { Step } from './program.ts';

/**
 * Says where the gradients of outputs lie while a backward pass visits the layers from the last to the first. Each is written
 * once and read soon after, so they share memory where they can, which then is still in the cache.
 */
export class GradientTensors {
  readonly #graph: LayerGraph;
  readonly #placement: Placement;
  readonly #reuses: boolean;
  readonly #tensors = new Map<string, Tensor>();
  /** Gradients of outputs that several layers read: what each reader gives, summed before use. */
  readonly #shares = new Map<string, Tensor[]>();
  /** Layers whose gradient others still read when they do. */
  readonly #borrowers = new Set<string>();
  /** Layers that still read or write a piece of memory. */
  readonly #users = new Map<number, Set<string>>();

  /** @param reuses whether memory that no layer reads any more may serve another gradient */
  constructor(graph: LayerGraph, placement: Placement, reuses: boolean) {
    this.#graph = graph;
    this.#placement = placement;
    this.#reuses = reuses;
  }

  /** Returns the gradient of a layer's output. */
  of(name: string): Tensor {
    const relu = this.#graph.fusedRelu(name);
    const placed = () => (relu ? this.of(relu.name) : this.#placement.tensor(name));
    return this.#place(name, this.#tensors.get(name) ?? placed());
  }

  /** Returns where one reader of an output writes its share of the gradient. */
  target(name: string): Tensor {
    if (!this.#isShared(name)) return this.of(name);
    const shares = this.#shares.get(name) ?? [];
    // Sums of shares go into the first that is not lent, unless two others come before it.
    const free = shares.length === 0 || (shares.length === 1 && shares[0] !== this.of(name));
    const share = free ? this.of(name) : this.another(name);
    this.#shares.set(name, [...shares, share]);
    return share;
  }

  /**
   * Returns where a layer writes the gradient of its input number by number: in place of its output's, where nobody reads that
   * any more.
   */
  replacing(name: string, input: string): Tensor {
    const dy = this.of(name);
    if (this.#borrowers.has(name)) return this.#learns(input) ? this.target(input) : this.another(input);
    if (!this.#learns(input)) return dy;
    const fits = halosCover(dy.halo, gradientHalo(this.#graph, input));
    if (this.#isShared(input) || this.#isView(input) || !fits) return this.target(input);
    return this.#place(input, dy);
  }

  /** Lets one of several inputs have a gradient as it is; returns the steps that this takes. */
  lend(dy: Tensor, name: string): Step[] {
    if (this.#isShared(name)) {
      this.#shares.set(name, [...(this.#shares.get(name) ?? []), dy]);
      this.#use(dy, name);
      return [];
    }
    const { layer } = this.#graph.get(name);
    if (this.#isFused(layer) || this.#isView(name)) return copySteps(dy, this.of(name));
    this.#borrowers.add(name);
    this.#place(name, dy);
    return [];
  }

  /** Builds the steps that sum the shares of a gradient. */
  sumSteps(name: string): Step[] {
    const dy = this.of(name);
    return addSteps(this.#shares.get(name) ?? [dy], dy);
  }

  /** Views some channels of a gradient. */
  channels(of: Tensor, first: number, channels: number): Tensor {
    return this.#placement.channels(of, first, channels);
  }

  /** Finds another tensor of a layer's shape. */
  another(name: string, halo?: Halo): Tensor {
    return this.#use(this.#placement.another(name, halo), name);
  }

  /**
   * Says that a layer has no more use for its gradient: all steps from now on come after it. One that nothing reads keeps it,
   * since no step writes its zeros.
   */
  done(name: string): void {
    if (!this.#reuses || !this.#isRead(name)) return;
    for (const [memory, names] of this.#users) {
      if (!names.delete(name) || names.size > 0) continue;
      this.#users.delete(memory);
      this.#placement.release(memory);
    }
  }

  #place(name: string, tensor: Tensor): Tensor {
    this.#tensors.set(name, tensor);
    return this.#use(tensor, name);
  }

  /** The gradient of a fused ReLU is that of the layer before it too, which comes later. */
  #use(tensor: Tensor, user: string): Tensor {
    const { layer } = this.#graph.get(user);
    const name = this.#isFused(layer) && this.#isRead(user) ? layer.input : user;
    this.#users.set(tensor.memory, (this.#users.get(tensor.memory) ?? new Set()).add(name));
    return tensor;
  }

  /** Whether a layer is a ReLU that the step of its input applies, and whose gradient is masked in place. */
  #isFused(layer: LayerSpec): layer is ReluLayer {
    return layer.kind === 'relu' && this.#graph.fusedRelu(layer.input) !== undefined;
  }

  #learns(name: string): boolean {
    return this.#graph.learns(name);
  }

  #isRead(name: string): boolean {
    return this.#graph.readers(name).length > 0;
  }

  /** Whether several layers read an output. */
  #isShared(name: string): boolean {
    return this.#graph.readers(name).length > 1;
  }

  /** Whether the gradient of a layer and those of its inputs lie in each other, so that it needs no step. */
  #isView(name: string): boolean {
    const { kind } = this.#graph.get(name).layer;
    return kind === 'concatenate' || kind === 'flatten';
  }
}

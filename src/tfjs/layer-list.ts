import { EvopatchError } from '../core/errors.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { TfjsArtifacts, TfjsLayer, TfjsOutput, TfjsTopology } from './artifacts.ts';

/** What TensorFlow.js allows at the start of a name, and behind it. */
const FORBIDDEN = /^[^A-Za-z0-9]|[^-A-Za-z0-9._/]/g;
const FLOAT_BYTES = 4;

/** Collects the layers of a functional model with their arrays, in order of evaluation. */
export class LayerList {
  readonly #layers = new Map<string, TfjsLayer>();
  readonly #arrays: [name: string, array: NamedTensor][] = [];

  /**
   * Adds a layer and its first use.
   *
   * @param wanted its name, changed if it is taken or TensorFlow.js allows no such name
   * @param inputs outputs that it reads; none for the model's input
   * @param arrays its arrays by the names that TensorFlow.js gives them
   */
  add(
    className: string,
    wanted: string,
    inputs: readonly TfjsOutput[],
    config: Record<string, unknown> = {},
    arrays: Readonly<Record<string, NamedTensor>> = {},
  ): TfjsOutput {
    const name = this.#free(wanted.replaceAll(FORBIDDEN, '_'));
    const nodes = inputs.length === 0 ? [] : [this.#distinct(inputs)];
    this.#layers.set(name, {
      class_name: className,
      name,
      config: { name, ...config },
      inbound_nodes: nodes,
    });
    for (const [role, array] of Object.entries(arrays)) this.#arrays.push([`${name}/${role}`, array]);
    return [name, 0, 0, {}];
  }

  /** Adds a layer of constants, which further training must not change. */
  addConstant(
    className: string,
    wanted: string,
    input: TfjsOutput,
    config: Record<string, unknown>,
    kernel: NamedTensor,
    bias?: NamedTensor,
  ): TfjsOutput {
    const fixed = { ...config, use_bias: bias !== undefined, trainable: false };
    return this.add(className, wanted, [input], fixed, { kernel, ...(bias && { bias }) });
  }

  /** Uses a layer once more, with the same arrays. */
  reuse([name]: TfjsOutput, inputs: readonly TfjsOutput[]): TfjsOutput {
    const nodes = (this.#layers.get(name) as TfjsLayer).inbound_nodes;
    nodes.push([...inputs]);
    return [name, nodes.length - 1, 0, {}];
  }

  /** @throws EvopatchError `INVALID_NETWORK` if a layer shares its weights with one that reads it. */
  topology(name: string, [input]: TfjsOutput, [output, use, tensor]: TfjsOutput): TfjsTopology {
    return {
      class_name: 'Model',
      config: {
        name,
        layers: this.#inOrder(),
        input_layers: [[input, 0, 0]],
        output_layers: [[output, use, tensor]],
      },
    };
  }

  weights(): Pick<TfjsArtifacts, 'weightSpecs' | 'weightData'> {
    const numbers = this.#arrays.reduce((sum, [, { values }]) => sum + values.length, 0);
    const view = new DataView(new ArrayBuffer(numbers * FLOAT_BYTES));
    let offset = 0;
    for (const [, { values }] of this.#arrays) {
      for (const value of values) {
        view.setFloat32(offset, value, true);
        offset += FLOAT_BYTES;
      }
    }
    const weightSpecs = this.#arrays.map(([name, { shape }]) => {
      return { name, shape: [...shape], dtype: 'float32' as const };
    });
    return { weightSpecs, weightData: view.buffer };
  }

  /** Every layer after all that any of its uses reads: TensorFlow.js numbers the uses in the order in which it can make them. */
  #inOrder(): TfjsLayer[] {
    const ordered = new Set<TfjsLayer>();
    const open = new Set<TfjsLayer>();
    const visit = (layer: TfjsLayer): void => {
      if (ordered.has(layer)) return;
      if (open.has(layer)) {
        throw new EvopatchError('INVALID_NETWORK', 'this layer shares its weights with one that reads it', {
          layer: layer.name,
          hint: 'A layers model cannot express that; write ONNX instead',
        });
      }
      open.add(layer);
      for (const [name] of layer.inbound_nodes.flat()) visit(this.#layers.get(name) as TfjsLayer);
      ordered.add(layer);
    };
    for (const layer of this.#layers.values()) visit(layer);
    return [...ordered];
  }

  /** Copies an output that a layer reads twice: TensorFlow.js disposes of it too early if others read it, too. */
  #distinct(inputs: readonly TfjsOutput[]): TfjsOutput[] {
    const keys = inputs.map(([name, use]) => `${use} ${name}`);
    return inputs.map((input, i) => {
      if (keys.indexOf(keys[i]) === i) return input;
      return this.add('Activation', `${input[0]}/copy`, [input], { activation: 'linear' });
    });
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#layers.has(name); number++) name = `${wanted}-${number}`;
    return name;
  }
}

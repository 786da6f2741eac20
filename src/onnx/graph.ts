import { sha256 } from '../core/hash.ts';
import { ATTRIBUTE_TYPES, DATA_TYPES, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './schema.ts';

/** Constant numbers; their type is the one that the file stores. */
export type Numbers = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Attributes of a node by name. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string>>;

/** Collects the nodes and constants of a graph, in order of evaluation. */
export class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #names = new Set<string>();
  /** Names of the constants by their content, so that equal ones are stored once. */
  readonly #constants = new Map<string, string>();

  /**
   * Adds a node.
   *
   * @param inputs names of its inputs; '' leaves an optional one out
   * @param output wanted name of its output
   * @returns the name of its output
   */
  node(type: string, inputs: readonly string[], output: string, attributes: Attributes = {}): string {
    const name = this.#free(output);
    const attribute = Object.entries(attributes).map(attributeOf);
    this.nodes.push({ name, opType: type, input: inputs, output: [name], attribute });
    return name;
  }

  /** Adds a constant of a shape, by default a list, and returns its name. */
  constant(wanted: string, values: Numbers, dims: readonly number[] = [values.length]): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dataType = typeOf(values);
    const content = sha256(`${dataType} ${dims}`, rawData);
    const known = this.#constants.get(content);
    if (known !== undefined) return known;
    const name = this.#free(wanted);
    this.#constants.set(content, name);
    this.initializers.push({ name, dims, dataType, rawData });
    return name;
  }

  /** Adds a list of 64-bit whole numbers, as ONNX wants sizes, axes and positions. */
  integers(wanted: string, values: readonly number[]): string {
    return this.constant(wanted, BigInt64Array.from(values, BigInt));
  }

  /** Makes a name that is not taken. */
  #free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#names.has(name); number++) name = `${wanted}~${number}`;
    this.#names.add(name);
    return name;
  }
}

function attributeOf([name, value]: [string, Attributes[string]]): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPES.i, i: value };
  if (typeof value !== 'string') return { name, type: ATTRIBUTE_TYPES.ints, ints: value };
  return { name, type: ATTRIBUTE_TYPES.s, s: new TextEncoder().encode(value) };
}

function typeOf(values: Numbers): number {
  if (values instanceof Float32Array) return DATA_TYPES.float32;
  if (values instanceof Int8Array) return DATA_TYPES.int8;
  if (values instanceof Uint8Array) return DATA_TYPES.uint8;
  return values instanceof Int32Array ? DATA_TYPES.int32 : DATA_TYPES.int64;
}

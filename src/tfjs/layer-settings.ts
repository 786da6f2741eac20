import { EvopatchError } from '../core/errors.ts';
import type { Padding, Size } from '../network/spec.ts';
import type { GivenLayer } from './topology-schema.ts';

/** Reads the settings of a layer that evopatch did not write; its errors name the layer. */
export class LayerSettings {
  readonly layer: GivenLayer;

  constructor(layer: GivenLayer) {
    this.layer = layer;
  }

  /** @throws EvopatchError `INVALID_MODEL` */
  fail(problem: string, given?: unknown, hint?: string): never {
    const data = { layer: this.layer.name, ...(given !== undefined && { given }), ...(hint && { hint }) };
    throw new EvopatchError('INVALID_MODEL', problem, data);
  }

  /** A setting, or its default where it is left out or null. */
  get(key: string, otherwise?: unknown): unknown {
    return this.layer.config[key] ?? otherwise;
  }

  number(key: string, otherwise?: number): number {
    const value = this.get(key, otherwise);
    if (typeof value !== 'number' || !Number.isFinite(value)) this.fail(`${key} must be a number`, value);
    return value;
  }

  count(key: string): number {
    const value = this.number(key);
    if (!Number.isInteger(value) || value < 1) this.fail(`${key} must be a whole number from 1`, value);
    return value;
  }

  flag(key: string): boolean {
    const value = this.get(key, true);
    if (typeof value !== 'boolean') this.fail(`${key} must be true or false`, value);
    return value;
  }

  /** Height and width, given as one number or as two. */
  size(key: string, otherwise?: unknown): Size {
    const value = this.get(key, otherwise);
    const sides = typeof value === 'number' ? [value, value] : value;
    if (
      !Array.isArray(sides) ||
      sides.length !== 2 ||
      !sides.every((side) => Number.isInteger(side) && side > 0)
    ) {
      this.fail(`${key} must be two whole numbers from 1`, value);
    }
    return [sides[0], sides[1]];
  }

  /** The stride and padding of a window. */
  window(stride: unknown = 1): { readonly stride: number; readonly padding: Padding } {
    const [rows, columns] = this.size('strides', stride);
    if (rows !== columns) this.fail('the strides of rows and columns must be equal', [rows, columns]);
    const padding = this.get('padding', 'valid');
    if (padding !== 'same' && padding !== 'valid')
      this.fail("the padding must be 'same' or 'valid'", padding);
    this.only('data_format', 'channels_last', 'channelsLast');
    for (const key of ['dilation_rate', 'groups', 'depth_multiplier']) {
      for (const value of [this.get(key, 1)].flat()) if (value !== 1) this.fail(`${key} must be 1`, value);
    }
    return { stride: rows, padding };
  }

  /** Refuses a setting that is neither left out nor one of a few values. */
  only(key: string, ...allowed: readonly unknown[]): void {
    const value = this.get(key);
    if (value !== undefined && !allowed.includes(value)) this.fail(`${key} must be ${allowed[0]}`, value);
  }
}

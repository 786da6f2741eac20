import { z } from 'zod';
import type { RandomStream } from '../core/random.ts';
import type { Drafts } from '../network/notation.ts';

/** All that the search, the surrogate, files and readers know of one gene. */
export interface Gene<Value, Bounds> {
  /** Its values. A gene that came later than the others has a default, which genomes without it are read with. */
  readonly schema: z.ZodType<Value>;
  /** The value that makes the smallest network. */
  smallest(bounds: Bounds): Value;
  /** Draws the value of a random genome. */
  draw(bounds: Bounds, random: RandomStream): Value;
  /** Changes of the value, one of which is drawn at a time. */
  readonly mutations: readonly GeneMutation<Value, Bounds>[];
  /**
   * Combines the values of two parents; without it a child takes either value, with probability ½ each.
   *
   * @param lead the value of the parent, drawn once for all genes, that gives the lengths of lists
   */
  mix?(lead: Value, other: Value, random: RandomStream): Value;
  /**
   * Values of slightly smaller networks, on the way to those that cost little enough; none at the smallest value.
   *
   * @param tooManyParameters whether it is parameters that must become fewer, not multiply-accumulates alone
   */
  smaller?(value: Value, bounds: Bounds, tooManyParameters: boolean): readonly Value[];
  /** Says what is wrong with a value outside the bounds. */
  problem?(value: Value, bounds: Bounds): string | undefined;
  /** Coordinates for the surrogate, scaled so that a step of 1 matters about as much as in any other. */
  features(value: Value): readonly number[];
  /** What the value adds to the line that describes a network, with the separator before or after it. */
  summary(value: Value): string;
  /** Layers between the dense layer and the logits, each reading the one before. */
  layers?(value: Value): Drafts;
}

export interface GeneMutation<Value, Bounds> {
  /** How often it is drawn relative to all other mutations of all genes; a whole number. */
  readonly weight: number;
  change(value: Value, bounds: Bounds, random: RandomStream): Value;
}

export type GeneTable<Values, Bounds> = { readonly [Name in keyof Values]: Gene<Values[Name], Bounds> };

/** Genes that come first in a use, before all others in the order of their table. */
export type FirstGenes<Values> = Partial<
  Readonly<Record<'draw' | 'mutate' | 'smaller' | 'features' | 'summary', readonly (keyof Values)[]>>
>;

/** Several genes as one: whatever is done with a gene, done with all of them. */
export interface Chromosome<Values, Bounds> {
  readonly schema: z.ZodType<Values>;
  /** Fills in the defaults of genes that are not given. */
  complete(values: Partial<Values>): Values;
  smallest(bounds: Bounds): Values;
  draw(bounds: Bounds, random: RandomStream): Values;
  /** Changes one gene. */
  mutate(values: Values, bounds: Bounds, random: RandomStream): Values;
  mix(a: Values, b: Values, random: RandomStream): Values;
  /** For each gene, what it makes of `values` to lower the cost. */
  smaller(values: Values, bounds: Bounds, tooManyParameters: boolean): Values[][];
  /** The first gene outside the bounds. */
  problem(values: Values, bounds: Bounds): { gene: keyof Values; problem: string } | undefined;
  features(values: Values): number[];
  summary(values: Values): string;
  layers(values: Values): Drafts;
}

/**
 * Puts genes together.
 *
 * @param genes in the order of their fields in files
 * @param first orders of uses that differ from that of the table: they fix the random numbers that each gene gets, and so
 * the results of a search
 */
export function chromosome<Values extends object, Bounds>(
  genes: GeneTable<Values, Bounds>,
  first: FirstGenes<Values> = {},
): Chromosome<Values, Bounds> {
  type Name = keyof Values;
  const names = Object.keys(genes) as Name[];
  const inOrder = (use: keyof FirstGenes<Values>) => [...new Set([...(first[use] ?? []), ...names])];
  const valuesBy = (order: readonly Name[], draw: <N extends Name>(name: N) => Values[N]) => {
    const made = new Map(order.map((name) => [name, draw(name)]));
    return Object.fromEntries(names.map((name) => [name, made.get(name)])) as Values;
  };
  const schema = z.strictObject(Object.fromEntries(names.map((name) => [name, genes[name].schema])));

  const mutationsOf = <N extends Name>(name: N) =>
    genes[name].mutations.map(({ weight, change }) => ({
      weight,
      apply: (values: Values, bounds: Bounds, random: RandomStream): Values => {
        return { ...values, [name]: change(values[name], bounds, random) };
      },
    }));
  const mutations = inOrder('mutate')
    .flatMap(mutationsOf)
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ weight, apply }) => Array.from({ length: weight }, () => apply));

  return {
    schema: schema as unknown as z.ZodType<Values>,
    complete: (values) => schema.parse(values) as Values,
    smallest: (bounds) => valuesBy(names, (name) => genes[name].smallest(bounds)),
    draw: (bounds, random) => valuesBy(inOrder('draw'), (name) => genes[name].draw(bounds, random)),
    mutate: (values, bounds, random) => random.pick(mutations)(values, bounds, random),
    mix(a, b, random) {
      const [lead, other] = random.chance(1 / 2) ? [a, b] : [b, a];
      return valuesBy(names, (name) => {
        const gene = genes[name];
        if (gene.mix) return gene.mix(lead[name], other[name], random);
        return random.chance(1 / 2) ? a[name] : b[name];
      });
    },
    smaller: (values, bounds, tooManyParameters) =>
      inOrder('smaller').map((name) => {
        const smaller = genes[name].smaller?.(values[name], bounds, tooManyParameters) ?? [];
        return smaller.map((value) => ({ ...values, [name]: value }));
      }),
    problem(values, bounds) {
      for (const gene of names) {
        const problem = genes[gene].problem?.(values[gene], bounds);
        if (problem !== undefined) return { gene, problem };
      }
      return undefined;
    },
    features: (values) => inOrder('features').flatMap((name) => genes[name].features(values[name])),
    summary: (values) =>
      inOrder('summary')
        .map((name) => genes[name].summary(values[name]))
        .join(''),
    layers: (values) => Object.assign({}, ...names.map((name) => genes[name].layers?.(values[name]))),
  };
}

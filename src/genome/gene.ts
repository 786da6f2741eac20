import * as z from 'zod';
import type { RandomStream } from '../core/random.ts';
import type { Drafts } from '../network/notation.ts';

/** Defines one gene for the search, the surrogate, files and summaries. */
export interface Gene<Value, Bounds> {
  /** Validates its values. A gene that was added later needs a default, which genomes without the gene get. */
  readonly schema: z.ZodType<Value>;
  /** Returns the value that makes the smallest network. */
  smallest(bounds: Bounds): Value;
  /** Draws the value of a random genome. */
  draw(bounds: Bounds, random: RandomStream): Value;
  /** Possible changes of the value; a mutation draws one of them. */
  readonly mutations: readonly GeneMutation<Value, Bounds>[];
  /**
   * Combines the values of two parents; without it a child takes either value, with probability ½ each.
   *
   * @param lead the value of the parent, drawn once for all genes, that gives the lengths of lists
   */
  mix?(lead: Value, other: Value, random: RandomStream): Value;
  /**
   * Lists values that make the network slightly cheaper; none at the smallest value.
   *
   * @param tooManyParameters whether parameters must fall, not multiply-accumulates alone
   */
  smaller?(value: Value, bounds: Bounds, tooManyParameters: boolean): readonly Value[];
  /** Says what is wrong with a value outside the bounds. */
  problem?(value: Value, bounds: Bounds): string | undefined;
  /** Returns coordinates for the surrogate, scaled so that a step of 1 matters about equally in all. */
  features(value: Value): readonly number[];
  /** Returns the part of the line that describes a network, with the separator before or after it. */
  summary(value: Value): string;
  /** Adds layers between the dense layer and the logits, each reading the one before. */
  layers?(value: Value): Drafts;
}

export interface GeneMutation<Value, Bounds> {
  /** How often it is drawn relative to all other mutations of all genes; a whole number. */
  readonly weight: number;
  change(value: Value, bounds: Bounds, random: RandomStream): Value;
}

export type GeneTable<Values, Bounds> = { readonly [Name in keyof Values]: Gene<Values[Name], Bounds> };

/** Lists the genes that come first in a use; all others follow in the order of their table. */
export type FirstGenes<Values> = Partial<
  Readonly<Record<'draw' | 'mutate' | 'smaller' | 'features' | 'summary', readonly (keyof Values)[]>>
>;

/** Applies the functions of a gene to several genes at once. */
export interface Chromosome<Values, Bounds> {
  readonly schema: z.ZodType<Values>;
  /** Fills in the defaults of genes that are not given. */
  complete(values: Partial<Values>): Values;
  smallest(bounds: Bounds): Values;
  draw(bounds: Bounds, random: RandomStream): Values;
  /** Changes one gene. */
  mutate(values: Values, bounds: Bounds, random: RandomStream): Values;
  mix(a: Values, b: Values, random: RandomStream): Values;
  /** Lists for each gene its cheaper versions of `values`. */
  smaller(values: Values, bounds: Bounds, tooManyParameters: boolean): Values[][];
  /** Finds the first gene outside the bounds. */
  problem(values: Values, bounds: Bounds): { gene: keyof Values; problem: string } | undefined;
  features(values: Values): number[];
  summary(values: Values): string;
  layers(values: Values): Drafts;
}

/**
 * Combines genes into one chromosome.
 *
 * @param genes in the order of their fields in files
 * @param first uses whose order differs from the table's. The order decides which random numbers each gene gets, so it
 * fixes the results of a search.
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

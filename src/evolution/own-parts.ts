import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import type { EvolveOptions } from '../options/evolve-options.ts';
import { EVOLVE_TABLE } from '../options/evolve-table.ts';

type OwnParts = Pick<EvolveOptions, 'objectives' | 'sampler' | 'operators'>;

/** The forms in which a run records the parts. */
const recordedForms: { [Part in keyof OwnParts]-?: (given: NonNullable<OwnParts[Part]>) => unknown } = {
  objectives: (given) =>
    given.map((one) => (typeof one === 'string' ? one : { name: one.name, reference: one.reference })),
  sampler: (given) => (typeof given === 'string' ? given : given.name),
  operators: (given) => given.map(({ name }) => name),
};

/**
 * Refuses to resume a run with other objectives, operators or another sampler than it began with, or without those of the user's own.
 *
 * @throws EvopatchError `INVALID_RUN` that names the part and what the run has.
 */
export function refuseOtherParts(
  recorded: Readonly<Record<string, unknown>>,
  given: OwnParts,
  file: string,
): void {
  for (const part of ['objectives', 'sampler', 'operators'] as const) {
    const had = recorded[part] ?? [];
    const brought = given[part];
    const fits =
      brought === undefined
        ? EVOLVE_TABLE[part].schema.safeParse(had).success
        : canonicalJson(recordedForms[part](brought as never)) === canonicalJson(had);
    if (fits) continue;
    const problem =
      brought === undefined ? `the run has ${part} of its user's own` : `the run began with other ${part}`;
    const hint = `Resume the run by resumeRun with its ${part}: ${canonicalJson(had)}`;
    const data = { file, option: part, given: brought && recordedForms[part](brought as never), hint };
    throw new EvopatchError('INVALID_RUN', problem, data);
  }
}

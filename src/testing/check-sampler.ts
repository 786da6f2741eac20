import assert from 'node:assert/strict';
import { parseGenomeBounds, violationOf } from '../genome/bounds.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { GENOME_OPERATORS } from '../genome/operators.ts';
import { coveredPixels } from '../genome/patches.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { networkCost } from '../network/describe.ts';
import type { Score } from '../search/objective.ts';
import { objectiveFrom } from '../search/objectives.ts';
import type { Sampler } from '../search/samplers/sampler.ts';
import { initialState, type Proposal, type SearchSettings } from '../search/search-state.ts';

const GENERATIONS = 4;
const bounds = parseGenomeBounds({ classes: 7, maximumParameters: 40_000 });
const settings: SearchSettings = {
  seed: 'check sampler',
  population: 8,
  bounds,
  objectives: [objectiveFrom('loss'), objectiveFrom('parameters')],
  operators: GENOME_OPERATORS,
  topRung: 0,
  halving: false,
  adaptive: true,
  surrogate: false,
  startGenomes: [],
};

/**
 * Checks what evopatch relies on in a sampler, over four generations on a made-up loss, the last of which mostly fails: proposals
 * as many as the population, within the bounds, with their hashes, different from one another and from all before; equal answers
 * for equal states; states that survive JSON, are left as they are, count the generations and remember what was proposed.
 *
 * @throws AssertionError that says what is wrong.
 */
export function checkSampler(sampler: Sampler): void {
  assert.ok(typeof sampler.name === 'string' && sampler.name !== '', 'name: give a text');
  const known = new Set<string>();
  let state = initialState;
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const before = structuredClone(state);
    const proposals = sampler.ask(state, settings);
    assert.deepEqual(
      sampler.ask(before, settings),
      proposals,
      'ask: give the same proposals for the same state',
    );
    assert.equal(proposals.length, settings.population, 'ask: propose as many genomes as the population');
    for (const proposal of proposals) {
      checkProposal(proposal);
      assert.ok(!known.has(proposal.hash), 'ask: propose no genome twice');
      known.add(proposal.hash);
    }
    const isLast = generation === GENERATIONS - 1;
    const scores = proposals.map((proposal, index) => (isLast && index > 0 ? null : scoreOf(proposal)));
    const next = sampler.tell(state, settings, proposals, scores);
    assert.deepEqual(state, before, 'ask, tell: leave the state as it is');
    assert.deepEqual(
      sampler.tell(before, settings, proposals, scores),
      next,
      'tell: give the same state again',
    );
    assert.deepEqual(JSON.parse(JSON.stringify(next)), next, 'tell: give a state of plain data');
    assert.equal(next.generation, generation + 1, 'tell: count the generation');
    assert.deepEqual(
      next.seen.slice().sort(),
      [...known].sort(),
      'tell: add the hashes of all proposals to `seen`',
    );
    assert.ok(next.population.length > 0 && next.front.length > 0, 'tell: keep a population and a front');
    state = next;
  }
}

function checkProposal({ genome, hash }: Proposal): void {
  assert.equal(violationOf(genome, bounds), undefined, 'ask: stay within the bounds');
  assert.equal(hash, genomeHash(genome), 'ask: give each genome its own hash');
}

/** A landscape where the loss falls with the parameters and with the distance of the first patch from the mouth. */
function scoreOf({ genome }: Proposal): Score {
  const cost = networkCost(toNetworkSpec(genome, bounds));
  const [{ dx, dy }] = genome.patches;
  const loss = 1 + 1000 / (1000 + cost.parameters) + (dx ** 2 + (dy - 8) ** 2) / 1000;
  const pixels = coveredPixels(genome, bounds.frame);
  return { rung: 0, rungLosses: [loss], losses: [loss], loss, accuracy: 0.5, ...cost, pixels };
}

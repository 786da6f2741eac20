import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './arena.ts';
import type { NetworkSession, SessionTraining } from './network-session.ts';
import { Session } from './session.ts';
import type { Team } from './team.ts';

/**
 * Opens a session of a network on an engine.
 *
 * @param batchSize a multiple of 16
 * @param training if left out, the session only predicts
 * @param team threads of the same engine that share the training steps, where the engine can
 * @throws EvopatchError `INVALID_NETWORK`, `INVALID_OPTION` for another batch size.
 */
export function openSession(
  engine: Engine,
  spec: NetworkSpec,
  batchSize: number,
  training?: SessionTraining,
  team?: Team,
): NetworkSession {
  return (
    engine.openSession?.(spec, batchSize, training) ?? new Session(engine, spec, batchSize, training, team)
  );
}

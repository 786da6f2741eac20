import type { Arena, Engine } from '../../nn/engine.ts';
import { encodeProgram, runsOf, type Step } from '../../nn/program.ts';

/** Words of a program of one step, at most. */
const ROOM = 64;

/** One call of a kernel, as a program of its own. */
export interface StepCall {
  readonly step: Step;
  readonly program: Int32Array;
}

/** An engine whose arena has room behind a plan for one more program. */
export interface RoomyEngine {
  readonly engine: Engine;
  /** Runs a program on the arena that was made last. @param tensors the offset of its tensor table */
  run(tensors: number, blocks: number): void;
  /** Writes the program that `run` runs. */
  write(program: Int32Array): void;
}

/** Lists the calls of a program in the order in which it makes them, each on one block or on the batch. */
export function callsOf(steps: readonly Step[], blocks: number): StepCall[] {
  const call = (step: Step, block: number): StepCall => {
    return { step, program: encodeProgram([step], { first: block, stride: blocks }) };
  };
  return runsOf(steps).flatMap((run) => {
    const times = run[0].scope === 'block' ? blocks : 1;
    return Array.from({ length: times }, (_, block) => run.map((step) => call(step, block))).flat();
  });
}

/** Gives the arenas of an engine room for a program of one step. */
export function withRoom(engine: Engine): RoomyEngine {
  let arena: Arena | undefined;
  let room = 0;
  const last = () => arena as Arena;
  return {
    engine: {
      ...engine,
      createArena: (words) => {
        room = words;
        arena = engine.createArena(words + ROOM);
        return arena;
      },
    },
    run: (tensors, blocks) => last().run(tensors, room, blocks),
    write: (program) => last().integers.set(program, room),
  };
}

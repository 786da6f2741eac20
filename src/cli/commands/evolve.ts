import { evolvePatches } from '../../evolution/evolve-patches.ts';
import { checkOptions } from '../../options/evolve-options.ts';
import { RUN_FILES } from '../../run/file-names.ts';
import { defineCommand } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { EVOLVE_HEADINGS, EVOLVE_OPTIONS, evolveSettings } from '../options/evolve-options.ts';
import { queueOf } from '../options/queue-options.ts';
import { type ShownRun, showRun } from '../runs/show-run.ts';

export const evolveCommand = defineCommand({
  name: 'evolve',
  summary: 'Search for the few patches that matter',
  description:
    'Evolves face patches and the small networks that read them, and compares the best with a full-face network of about two ' +
    `million parameters, trained in the same way. The folder then has ${RUN_FILES.result}, ${RUN_FILES.model}, maps/best.png ` +
    `and ${RUN_FILES.history}. When interrupted with Ctrl-C, it saves the best genome so far; evopatch resume continues the run.`,
  options: EVOLVE_OPTIONS,
  headings: EVOLVE_HEADINGS,
  examples: [
    'evopatch evolve --data synthetic:700 --population 8 --generations 4 --out runs/first',
    'evopatch evolve --data fer2013.csv.gz --align similarity --seed first --out runs/fer2013',
    'evopatch evolve --data photos/ --on-bad-image skip --max-parameters 20000 --out runs/small --json',
    'evopatch evolve --data fer2013.csv.gz --objectives loss,latency --max-seconds 3600 --out runs/hour',
    'evopatch evolve --data synthetic:7000 --watch --out runs/seen',
    'evopatch evolve --data synthetic:7000 --queue redis://127.0.0.1:6379 --out runs/many',
    'evopatch evolve --data synthetic:7000 --controls all --stagnation 5 --out runs/honest',
  ],
  savesWhenInterrupted: true,
  run: async (values, context) => {
    const settings = { ...evolveSettings(values), evaluator: queueOf(values, context) };
    checkOptions(settings); // a mistake shows before a long load
    const { out: folder, watch } = values;
    const { signal } = context;
    const load = () => loadData(values, context);
    const start: ShownRun['start'] = (dataset, onEvent) =>
      evolvePatches({ ...settings, dataset, signal, onEvent });
    return await showRun({ folder, watch, load, start }, context);
  },
});

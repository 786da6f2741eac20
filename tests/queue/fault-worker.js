// A thread of a worker with the fault that the first word of its request's seed names; the rest is the real work.
import work from '../../dist/fitness/worker.js';

export default async function workOrFail(task) {
  const [fault, milliseconds] = task.request.seed.split(' ');
  if (fault === 'poison') process.kill(process.pid, 'SIGKILL');
  if (fault === 'slow' || fault === 'wrong') {
    for (const end = Date.now() + Number(milliseconds); Date.now() < end; ); // as blind to timers as a training
  }
  const answer = await work(task);
  const { evaluation } = answer;
  return fault === 'wrong' ? { ...answer, evaluation: { ...evaluation, loss: evaluation.loss + 1 } } : answer;
}

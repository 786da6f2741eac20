// A thread of a worker that trains nothing, to see what the queue alone takes.
export default async function answerAtOnce() {
  return {
    evaluation: { status: 'failed', reason: 'diverged', message: 'the loss of epoch 1 is NaN' },
    seconds: 0,
  };
}

// A process that speaks the protocol of a peer, for runner.test.ts. `--worker NAME` says how it behaves.
/** @typedef {import('../src/protocol.js').Request} Request */
/** @typedef {import('../src/protocol.js').Answer} Answer */

const [, , flag, name] = process.argv;
const say = (/** @type {Answer} */ answer) => process.send?.(answer);
if (flag !== '--worker' || name === 'cannot start') process.exit(3);
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  const request = /** @type {Request} */ (message);
  if (name === 'dies') process.exit(7);
  if (name === 'throws') say({ kind: 'failed', message: 'no such layer' });
  else if (name === 'confused') say({ kind: 'timed', ms: [] });
  else if (request.kind === 'time') say({ kind: 'timed', ms: [request.samples, request.repetitions] });
  else if (name === 'cannot') say({ kind: 'cannot', reason: `has no ${request.task.id}` });
  else say({ kind: 'prepared', output: Float32Array.from(request.numbers.a ?? [], (v) => 2 * v), ms: 5 });
});

/** What is measured once for each implementation, as tables: the first result of a fresh process, and the download. */
import type { Start } from './cold.js';
import type { Size } from './size.js';
import { median } from './statistics.js';
import { digits, duration, markdown } from './table.js';

export function startTable(starts: readonly Start[]): string {
  const [alone, ours] = starts;
  if (!alone || !ours) return '';
  const base = median(alone.ms);
  const over = ({ ms }: Start): number => median(ms) - base;
  const rows = starts.map((one) =>
    one === alone
      ? ['Node alone', duration(base)]
      : [one.peer, duration(median(one.ms)), duration(over(one)), `${digits(over(one) / over(ours))}×`],
  );
  return [
    '### Cold start',
    'From a fresh process to the first result of an LSTM (1, 100, 64, 128): import, backend, weights, a call.',
    markdown(['', 'first result after', 'over Node alone', `of ${ours.peer}`], rows),
  ].join('\n\n');
}

export function sizeTable(sizes: readonly Size[]): string {
  const [ours] = sizes;
  if (!ours) return '';
  const rows = sizes.map(({ peer, gzipBytes }) => [
    peer,
    `${(gzipBytes / 1000).toFixed(0)} KB`,
    `${digits(gzipBytes / ours.gzipBytes)}×`,
  ]);
  return [
    '### Download',
    'What a page needs for an LSTM, gzip: one tree-shaken, minified file, and the `.wasm` file beside it where there is one.',
    markdown(['', 'gzip', `of ${ours.peer}`], rows),
  ].join('\n\n');
}

/** One line that is written over and over: how far, which case, how many failures. Nothing where nobody looks on. */
import type { CaseResult } from '../run-case.js';

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const width = 24;

/** What to call after every case, and at the end. */
export function progressLine(screen: Screen, total: number): { show(result: CaseResult): void; clear(): void } {
  if (!screen.isTTY) return { show: () => undefined, clear: () => undefined };
  let done = 0;
  let failed = 0;
  let shown = 0;
  return {
    show({ id, status }) {
      done++;
      if (status === 'failed') failed++;
      const now = performance.now();
      // A terminal is slower than a case: twenty lines a second are enough.
      if (done < total && now - shown < 50) return;
      shown = now;
      const filled = Math.round((done / total) * width);
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
      const line = `${bar} ${done}/${total}  ${failed === 0 ? '' : `${failed} failed  `}${id}`;
      screen.write(`\r\x1b[2K${line.slice(0, (screen.columns ?? 80) - 1)}`);
    },
    clear: () => void screen.write('\r\x1b[2K'),
  };
}

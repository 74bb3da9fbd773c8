/** A progress bar on stderr: steps, loss, rate, time left. Quiet when stderr is no terminal. */
import { Presets, SingleBar } from 'cli-progress';

export interface ProgressBar {
  at(step: number, loss: number): void;
  /** A line on stdout, above the bar. */
  log(line: string): void;
  stop(): void;
}

/** `from`: steps that a run before an interruption made; they do not count in the rate. */
export function progressBar(total: number, from = 0): ProgressBar {
  const format = '{bar} {percentage} % | {value}/{total} steps | loss {loss} | {rate} steps/s | {left} left';
  const options = { format, stream: process.stderr, noTTYOutput: false, hideCursor: true, clearOnComplete: true };
  const bar = new SingleBar(options, Presets.shades_classic);
  const began = performance.now();
  bar.start(total, from, { loss: '…', rate: '…', left: '…' });
  return {
    at(step, loss) {
      const rate = (step - from) / ((performance.now() - began) / 1000);
      bar.update(step, { loss: loss.toPrecision(3), rate: rate.toFixed(1), left: duration((total - step) / rate) });
    },
    log(line) {
      if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
      console.log(line);
    },
    stop: () => bar.stop(),
  };
}

function duration(seconds: number): string {
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

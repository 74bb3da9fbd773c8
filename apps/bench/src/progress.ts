/** How far the command is, on stderr: a bar in a terminal, else a line a case. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** Begins a case. */
  begin(index: number, name: string): void;
  /** What is being done in it. */
  say(text: string): void;
  /** A line that stays. */
  log(line: string): void;
  stop(): void;
}

export function progress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  let name = '';
  if (!stream.isTTY) {
    const log = (line: string): void => void stream.write(`${line}\n`);
    return { begin: (index, now) => log(`[${index + 1}/${total}] ${now}`), say: () => {}, log, stop: () => {} };
  }
  const format = '{bar} {value}/{total} | {eta_formatted} left | {name}: {text}';
  const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  bar.start(total, 0, { name: '', text: '' });
  return {
    begin(index, now) {
      name = now;
      bar.update(index, { name, text: '' });
    },
    say: (text) => bar.update({ name, text }),
    log(line) {
      stream.write(`\r\u001B[K${line}\n`);
    },
    stop: () => bar.stop(),
  };
}

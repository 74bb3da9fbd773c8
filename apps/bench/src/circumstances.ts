/** What a reader must know to compare: the kind of machine, what runs on it, and when. Not whose machine it is. */
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';

export interface Circumstances {
  readonly machine: string;
  readonly versions: readonly string[];
  /** Of the day, as 2026-01-31. */
  readonly date: string;
  readonly effort: 'full' | 'quick';
  /** Whether other programs kept the machine busy when the measurement began or ended. */
  readonly busy: boolean;
}

export function circumstances(versions: readonly string[], effort: Circumstances['effort']): Circumstances {
  const [cpu] = cpus();
  const cores = availableParallelism();
  const { node, v8 } = process.versions;
  return {
    machine: `${cpu?.model.trim() ?? 'unknown processor'}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${platform()} ${arch()}`,
    versions: [`Node ${node} (V8 ${v8.split('.').slice(0, 2).join('.')})`, ...new Set(versions)],
    date: new Date().toISOString().slice(0, 10),
    effort,
    busy: isBusy(),
  };
}

/** @param own how many cores this program itself kept busy in the last minute */
export function isBusy(own = 0): boolean {
  const [load = 0] = loadavg();
  return load - own > availableParallelism() / 2;
}

export function sentence({ machine, versions, date, effort, busy }: Circumstances): string {
  const rounds = effort === 'quick' ? 'a quick run' : 'full rounds';
  const warning = busy ? ' Other programs kept the machine busy, so the ratios spread.' : '';
  return `${machine}; ${versions.join(', ')}; one thread; ${rounds}; ${date}.${warning}`;
}

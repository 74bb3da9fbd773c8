/** Cold start: from a fresh process to the first result of an LSTM, its code one file, as an application ships it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { bundle } from './bundle.js';
import type { Program } from './footprint.js';
import { order } from './interleave.js';

export interface Start {
  /** '' is Node alone. */
  readonly peer: string;
  /** Milliseconds to the result in each round. */
  readonly ms: readonly number[];
}

/** Sums of 12,800 outputs of float32 differ by no more, whoever computes them; another gate order by hundreds. */
const tolerance = 0.01;

/** @throws Error when a program fails or its outputs have another sum than those of the first */
export async function coldStarts(
  programs: readonly Program[],
  rounds: number,
  say: (progress: string) => void,
): Promise<Start[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cold-'));
  try {
    const lanes: { peer: string; args: string[]; ms: number[]; sum: number }[] = [];
    for (const { peer, program, argument } of [{ peer: '', program: 'nothing' } as Program, ...programs]) {
      const file = path.join(folder, `${program}.mjs`);
      writeFileSync(file, await bundle(program, 'node'));
      lanes.push({ peer, args: [file, ...(argument ? [argument()] : [])], ms: [], sum: 0 });
    }
    // A first round that does not count: the files come into the system's cache.
    for (let round = -1; round < rounds; round++) {
      for (const lane of order(lanes, Math.abs(round))) {
        say(`round ${round + 1} of ${rounds}: ${lane.peer || 'Node alone'}`);
        const { ms, sum } = await firstOutput(lane.args);
        lane.sum = sum;
        if (round >= 0) lane.ms.push(ms);
      }
    }
    const [, ours, ...others] = lanes;
    for (const { peer, sum } of others)
      if (!(Math.abs(sum - ours!.sum) < tolerance))
        throw new Error(`the outputs of ${peer} sum to ${sum}, those of ${ours!.peer} to ${ours!.sum}`);
    return lanes.map(({ peer, ms }) => ({ peer, ms }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function firstOutput(args: readonly string[]): Promise<{ ms: number; sum: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let ms = NaN;
    let text = '';
    let errors = '';
    const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => {
      if (Number.isNaN(ms)) ms = performance.now() - began;
      text += String(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      // TensorFlow.js talks; the sum stands in the last line.
      const sum = Number(text.trim().split('\n').at(-1));
      if (code === 0 && Number.isFinite(sum)) resolve({ ms, sum });
      else reject(new Error(`${args.join(' ')} ended with ${code}: ${errors.slice(-500)}`));
    });
  });
}

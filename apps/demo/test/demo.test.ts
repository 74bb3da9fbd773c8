/** `npm start` answers yes to every question, in plain text where there is no colour. */
import { spawn } from 'node:child_process';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

async function demo(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['tools/run.mjs', 'apps/demo/src/main.ts'], { cwd: root, env });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, status] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended]);
  return { stdout, stderr, status };
}

describe.concurrent('the demo in the terminal', () => {
  it('finds every result the same as Keras, and says so in plain text', async () => {
    const { status, stdout: text, stderr } = await demo({ ...process.env, NO_COLOR: '1' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(text).not.toContain('\u001B');
    expect(text).not.toContain('false');
    expect(text).toContain('Are my results the same as the Keras layer? true');
    // Six questions on two backends, three draws and the verdict of the notebook, the forecast.
    expect(text.match(/\btrue\b/g)).toHaveLength(6 * 2 + 4 + 1);
    for (const row of [
      'SimpleRNN',
      'LSTM',
      'GRU, reset after',
      'GRU, reset before',
      'Additive attention',
      'Dot attention',
    ]) {
      expect(text).toMatch(new RegExp(`^  ${row}.*true.*true`, 'm'));
    }
    expect(text).toMatch(/root mean square error on the last 60 years, not used in training: 18\.3/);
  });

  it('is coloured where the terminal is', async () => {
    const { NO_COLOR: _, ...env } = process.env;
    const { stdout } = await demo({ ...env, FORCE_COLOR: '1' });
    expect(stdout).toContain('\u001B[32mtrue');
  });
});

/** The command line, run in this process: what it prints, writes and answers. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../src/cli/command.js';
import { progressLine } from '../src/cli/progress.js';
import { cases, referenceBackend } from '../src/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'recurra-command-'));
  (globalThis as Record<string, unknown>)['reference for the command'] = referenceBackend;
  const make = "globalThis['reference for the command']()";
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  write('good.mjs', `export const good = () => ${make};`);
  write('two.mjs', `export const one = () => ${make}; export const two = one; export const three = 3;`);
  write('default.mjs', `export default async () => ${make}; export const other = () => 1;`);
  write('broken.mjs', 'throw new Error("no device");');
  write('fails.mjs', 'export const fails = () => { throw new Error("no adapter"); };');
  write(
    'wrong.mjs',
    `export const wrong = () => { const made = ${make}; const unary = made.unary.bind(made);
       return Object.assign(Object.create(made), { unary: (op, x, out) => unary(op === 'floor' ? 'sign' : op, x, out) }); };`,
  );
  write('node_modules/esm-backend/package.json', '{ "type": "module", "exports": { ".": { "import": "./main.js" } } }');
  write('node_modules/esm-backend/main.js', `export const made = () => ${make};`);
  write('node_modules/old-backend/package.json', '{ "type": "module", "main": "main.js" }');
  write('node_modules/old-backend/main.js', `export const made = () => ${make};`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const code = await runCommand(args, {
    stdout: { write: (text) => (printed.out += text) },
    stderr: { write: (text) => (printed.err += text) },
    folder,
    version: '1.2.3',
  });
  return { code, ...printed };
}
const file = (name: string): string => path.join(folder, name);

describe('recurra-conformance', () => {
  it('says before the run what it cannot write', async () => {
    for (const option of ['--json', '--markdown'])
      for (const target of [folder, file('nowhere/report')]) {
        const { code, out, err } = await command('./good.mjs', '--only', 'kernels/cast', option, target);
        expect({ code, out }).toEqual({ code: 2, out: '' });
        expect(err).toContain(`cannot write ${option} ${target}`);
      }
  });

  it('says what the randomised cases were drawn from', async () => {
    const { out } = await command('./good.mjs', '--only', 'kernels/cast', '--seed', '7', '--json', file('seeded.json'));
    expect(out).toMatch(/^reference \(precision 64, seed 7\): \d+ passed\n/);
    expect(JSON.parse(readFileSync(file('seeded.json'), 'utf8'))).toMatchObject({ seed: 7 });
  });

  it('says how to mend a list of known failures that is stale', async () => {
    const id = cases.find((c) => c.id.startsWith('kernels/cast/'))!.id;
    writeFileSync(file('stale.txt'), `${id}: once upon a time`);
    const { code, out } = await command('./good.mjs', '--only', 'kernels/cast', '--known', file('stale.txt'));
    expect(code).toBe(1);
    expect(out).toContain(`take the line of ${id} out of the list`);
  });

  it.each([
    ['the only function', ['./good.mjs']],
    ['a path without ./', ['good.mjs']],
    ['an export by name', ['./two.mjs', '--export', 'two']],
    ['the default export', ['./default.mjs']],
    ['a package that exports for import alone', ['esm-backend']],
    ['a package with main', ['old-backend']],
  ])('finds %s', async (_, args) => {
    const { code, out, err } = await command(...args, '--only', 'kernels/cast');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^reference \(precision 64\): \d+ passed\n/);
  });

  it('answers 1 when a promise is broken, with numbers and inputs', async () => {
    const { code, out, err } = await command('wrong.mjs', '--only', 'kernels/unary');
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(out).toContain('✗ kernels/unary/floor');
    expect(out).toMatch(/input 0 {3}float32/);
  });

  it('takes a list of known failures, and holds it to be true', async () => {
    writeFileSync(file('known.txt'), '# ours\nkernels/unary/floor: it gives the sign\n');
    const listed = await command('wrong.mjs', '--only', 'kernels/unary/floor', '--known', file('known.txt'));
    expect(listed.code).toBe(0);
    expect(listed.out).toContain('kernels/unary/floor: it gives the sign');
    const stale = await command('good.mjs', '--only', 'kernels/unary/floor', '--known', file('known.txt'));
    expect(stale.code).toBe(1);
    expect(stale.out).toContain('stale');
    writeFileSync(file('unknown.txt'), 'kernels/unary/flour: a reason\n');
    const unknown = await command('good.mjs', '--only', 'kernels/cast', '--known', file('unknown.txt'));
    expect(unknown.code).toBe(1);
    expect(unknown.out).toContain('kernels/unary/flour');
  });

  it('writes JSON and Markdown', async () => {
    const [json, markdown] = [file('report.json'), file('report.md')];
    const { code } = await command('wrong.mjs', '--only', 'kernels/unary', '--json', json, '--markdown', markdown);
    expect(code).toBe(1);
    const report = JSON.parse(readFileSync(json, 'utf8')) as {
      ok: boolean;
      results: { id: string; status: string; failure?: { inputs: unknown[]; difference?: unknown } }[];
    };
    expect(report.ok).toBe(false);
    const failed = report.results.filter(({ status }) => status === 'failed');
    expect(failed.map(({ id }) => id)).toContain('kernels/unary/floor');
    for (const { failure } of failed) expect(failure?.inputs.length).toBeGreaterThan(0);
    const page = readFileSync(markdown, 'utf8');
    expect(page).toMatch(/^# Conformance of reference\n/);
    expect(page).toMatch(/\| kernels \| \d+ \| \d+ \| 0 \| \d+ \|/);
    expect(page).toContain('✗ kernels/unary/floor');
  });

  it('takes several --only, with stars', async () => {
    const json = file('only.json');
    await command('good.mjs', '--only', 'kernels/un*', '--only', 'gradients/**/t*', '--json', json);
    const ran = (JSON.parse(readFileSync(json, 'utf8')) as { results: { id: string }[] }).results.map(({ id }) => id);
    const wanted = cases
      .map(({ id }) => id)
      .filter((id) => /^kernels\/un[^/]*\/|^gradients\/(.*\/)?t[^/]*(\/|$)/.test(id));
    expect(wanted.length).toBeGreaterThan(5);
    expect(ran).toEqual(wanted);
  });

  it('draws the randomised cases from a seed', async () => {
    const json = file('seed.json');
    const used = async (...seed: string[]): Promise<unknown> => {
      expect((await command('good.mjs', '--only', 'random/broadcast', '--json', json, ...seed)).code).toBe(0);
      return (JSON.parse(readFileSync(json, 'utf8')) as { results: { used: string[] }[] }).results.map((r) => r.used);
    };
    const seven = await used('--seed', '7');
    expect(await used('--seed', '7')).toEqual(seven);
    expect(await used()).not.toEqual(seven);
  });

  it('decorates', async () => {
    const { out } = await command('good.mjs', '--only', 'storage', '--decorate', 'delayed-read');
    expect(out).toMatch(/readSync/);
  });

  it('lists ids, and says what it understands', async () => {
    expect((await command('--list')).out.trim().split('\n')).toEqual(cases.map(({ id }) => id));
    const help = await command('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const option of ['export', 'only', 'decorate', 'known', 'seed', 'json', 'markdown', 'list'])
      expect(help.out).toContain(`--${option}`);
    expect(await command('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    ['no module', [], 'a module is missing'],
    ['two modules', ['a', 'b'], 'one module'],
    ['an unknown option', ['good.mjs', '--onyl', 'x'], '--onyl'],
    ['a path that is not there', ['./none.mjs'], 'there is no file ./none.mjs'],
    ['a package that is not there', ['none'], 'no package none is installed'],
    ['a module that fails', ['broken.mjs'], 'no device'],
    ['a factory that fails', ['fails.mjs'], 'no adapter'],
    ['an export that is not there', ['two.mjs', '--export', 'tow'], 'two'],
    ['an export that is no function', ['two.mjs', '--export', 'three'], 'no function'],
    ['several exports', ['two.mjs'], '--export one'],
    ['a factory that gives no backend', ['default.mjs', '--export', 'other'], 'no backend'],
    ['cases that are not there', ['good.mjs', '--only', 'kernel'], 'kernels'],
    ['a pattern of nothing', ['good.mjs', '--only', 'x*'], 'x*'],
    ['a known file that is not there', ['good.mjs', '--known', 'none.txt'], 'none.txt'],
    ['a decoration that is not there', ['good.mjs', '--decorate', 'slow'], 'without-fused'],
    ['a seed that is none', ['good.mjs', '--seed', '-1'], '--seed'],
  ])('answers 2 for %s', async (_, args, says) => {
    const { code, out, err } = await command(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('the progress line', () => {
  const result = { id: 'ops/pad', area: 'ops', notes: [], worst: 0, used: [], milliseconds: 1 } as const;
  it('says how far it is on a terminal, within its width', () => {
    const written: string[] = [];
    const line = progressLine({ isTTY: true, columns: 50, write: (text) => written.push(text) }, 2);
    line.show({ ...result, status: 'failed' });
    line.show({ ...result, status: 'passed' });
    line.clear();
    expect(written.at(-2)).toMatch(/2\/2 {2}1 failed {2}ops\/pad/);
    // eslint-disable-next-line no-control-regex
    for (const text of written) expect(text.replace(/\r|\x1b\[2K/g, '').length).toBeLessThan(50);
    expect(written.at(-1)).toBe('\r\x1b[2K');
  });
  it('is silent elsewhere', () => {
    const line = progressLine({ write: () => expect.fail('wrote') }, 1);
    line.show({ ...result, status: 'passed' });
    line.clear();
  });
});

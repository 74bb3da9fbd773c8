import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { install } from '../src/install.js';

let into: string;
beforeEach(() => {
  into = mkdtempSync(path.join(tmpdir(), 'peers-'));
});
afterEach(() => rmSync(into, { recursive: true, force: true }));

function put(version: string): void {
  const folder = path.join(into, 'node_modules/runtime');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ version }));
}

it('fetches a package once, at its version and without scripts', async () => {
  const calls: (readonly string[])[] = [];
  const said: string[] = [];
  const npm = async (args: readonly string[]) => {
    calls.push(args);
    put('1.2.3');
  };
  const ask = () => install('runtime', '1.2.3', (text) => said.push(text), npm, into);
  expect(await ask()).toBeUndefined();
  expect(await ask()).toBeUndefined();
  expect(calls).toEqual([expect.arrayContaining(['install', '--ignore-scripts', 'runtime@1.2.3'])]);
  expect(said).toEqual(['fetching runtime 1.2.3 from npm, once']);
});

it('fetches it again where another version is there', async () => {
  put('1.2.2');
  expect(
    await install(
      'runtime',
      '1.2.3',
      () => {},
      async () => put('1.2.3'),
      into,
    ),
  ).toBeUndefined();
});

it('says why it could not, in one line', async () => {
  const offline = async () => {
    throw Object.assign(new Error('Command failed: npm install …\nnpm error code ENOTFOUND'), {
      stderr: 'npm error code ENOTFOUND\nnpm error network request failed\nnpm error A complete log of this run\n',
    });
  };
  expect(await install('runtime', '1.2.3', () => {}, offline, into)).toBe(
    'npm could not install runtime 1.2.3: ENOTFOUND',
  );
  const missing = async () => {
    throw new Error('spawn npm ENOENT');
  };
  expect(await install('runtime', '1.2.3', () => {}, missing, into)).toContain('spawn npm ENOENT');
  expect(
    await install(
      'runtime',
      '1.2.3',
      () => {},
      async () => {},
      into,
    ),
  ).toBe('npm did not install runtime 1.2.3');
});

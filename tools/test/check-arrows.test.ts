// The check of the arrows, on small repositories that each break one rule.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findProblems, importsOf } from '../check-arrows.mjs';

const arrows = {
  'src and tests': { core: [], cells: ['core'], 'backend-cpu': ['core'], 'conformance-tests': ['cells', 'core'] },
  'tests only': { 'backend-cpu': ['conformance-tests'] },
  'tools for tests': ['tools/page.js'],
  circles: ['packages/core/src/ops/'],
};

const right: Record<string, string> = {
  'package.json': '{ "devDependencies": { "vitest": "1" } }',
  'packages/core/package.json': '{ "name": "@recurra/core", "exports": { ".": {}, "./random": {} } }',
  'packages/core/src/index.ts': "export * from './a.js';",
  'packages/core/src/a.ts': "import type { B } from './b.js'; export type A = B; export const a = 1;",
  'packages/core/src/b.ts': "import { a } from './a.js'; export type B = typeof a;",
  'packages/cells/package.json':
    '{ "name": "@recurra/cells", "peerDependencies": { "@recurra/core": "1" }, "exports": { ".": {} } }',
  'packages/cells/src/index.ts':
    "import { a } from '@recurra/core'; import * as random from '@recurra/core/random'; console.log(a, random);",
  'packages/conformance-tests/package.json': '{ "name": "@recurra/conformance-tests", "exports": { ".": {} } }',
  'packages/backend-cpu/package.json':
    '{ "name": "@recurra/backend-cpu", "peerDependencies": { "@recurra/core": "1" }, "devDependencies": { "@recurra/conformance-tests": "1" } }',
  'packages/backend-cpu/src/index.ts': "export type { A } from '@recurra/core';",
  'packages/backend-cpu/test/index.test.ts':
    "import { it } from 'vitest'; import '@recurra/conformance-tests'; import '../src/index.js'; import '../../../tools/page.js'; import 'node:fs'; it;",
};

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function problemsWith(changes: Record<string, string>): string[] {
  folder = `${mkdtempSync(path.join(tmpdir(), 'recurra-arrows-'))}/`;
  for (const [file, text] of Object.entries({ ...right, ...changes })) {
    mkdirSync(path.dirname(folder + file), { recursive: true });
    writeFileSync(folder + file, text);
  }
  return findProblems(folder, arrows).problems;
}

it('has nothing to say about a repository that follows the picture', () => {
  expect(problemsWith({})).toEqual([]);
});

it('lets ops import each other in a circle, and nothing else that way', () => {
  const ops = {
    'packages/core/src/ops/sum.ts': "import './spread.js';",
    'packages/core/src/ops/spread.ts': "import './sum.js';",
  };
  expect(problemsWith(ops)).toEqual([]);
  const around = {
    ...ops,
    'packages/core/src/ops/spread.ts': "import '../a.js';",
    'packages/core/src/a.ts': "import './ops/spread.js';",
  };
  expect(problemsWith(around)).toEqual([expect.stringContaining('circle')]);
});

it.each([
  [
    'an arrow that is not there',
    'packages/core/src/a.ts',
    "export { x } from '@recurra/cells';",
    'no arrow core → cells',
  ],
  [
    'a type by such an arrow',
    'packages/core/src/a.ts',
    "export type X = import('@recurra/cells').X;",
    'no arrow core → cells',
  ],
  [
    'a late import by such an arrow',
    'packages/core/src/a.ts',
    "export const x = () => import('@recurra/cells');",
    'no arrow core → cells',
  ],
  [
    'an arrow for tests, in src',
    'packages/backend-cpu/src/index.ts',
    "import '@recurra/conformance-tests';",
    'no arrow backend-cpu → conformance-tests',
  ],
  [
    'an arrow for tests, elsewhere',
    'packages/cells/test/a.test.ts',
    "import '@recurra/conformance-tests';",
    'no arrow cells → conformance-tests for tests',
  ],
  [
    'an arrow in package.json',
    'packages/core/package.json',
    '{ "name": "@recurra/core", "exports": { ".": {}, "./random": {} }, "dependencies": { "@recurra/cells": "1" } }',
    'no arrow core → cells',
  ],
  ['a deep import', 'packages/cells/src/index.ts', "import '@recurra/core/src/a.js';", 'not a public entry'],
  [
    'a way around by relative path',
    'packages/cells/src/index.ts',
    "import '../../core/src/index.js';",
    'outside its own package',
  ],
  ['src that imports a tool for tests', 'packages/cells/src/index.ts', "import '../../../tools/page.js';", 'outside'],
  ['src that imports its tests', 'packages/cells/src/index.ts', "import '../test/a.js';", 'outside src'],
  ['an undeclared library', 'packages/cells/src/index.ts', "import 'lodash';", 'does not ask for'],
  ['a test library in src', 'packages/cells/src/index.ts', "import 'vitest';", 'does not ask for'],
  ['a module that only Node has', 'packages/cells/src/index.ts', "import 'node:fs';", 'only Node'],
  ['a circle', 'packages/core/src/a.ts', "import { b } from './b.js'; export const a = b;", 'circle'],
  ['a package that the picture lacks', 'packages/extra/package.json', '{ "name": "@recurra/extra" }', 'has no extra'],
])('finds %s', (_, file, text, message) => {
  const problems = problemsWith({ [file]: text });
  expect(problems.filter((problem) => problem.includes(message))).not.toEqual([]);
});

it('reads every kind of import', () => {
  const text = `import a from 'a'; import type { B } from 'b'; export * from 'c'; export type { D } from 'd';
    import 'e'; const f = await import('f'); type G = import('g').G; // import 'no'
    const h = "import 'no'";`;
  expect(importsOf('x.ts', text).map(({ specifier, typeOnly }) => specifier + (typeOnly ? ' type' : ''))).toEqual([
    'a',
    'b type',
    'c',
    'd type',
    'e',
    'f',
    'g type',
  ]);
});

// What newcomers do: install one package after the other into an empty project, with npm and with pnpm, and run the
// first example of its README: in Node, and as Vite bundles it for a browser. What is printed is what the page says,
// and nothing comes along that nobody asked for.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, runBare } from './install/bundle.mjs';
import { findChromium, runInChromium } from './install/chromium.mjs';
import { firstExample, trimmed } from './install/example.mjs';
import { compareInstalled, install } from './install/project.mjs';
import { useTheSuite } from './install/suite.mjs';
import { packed } from './pack.mjs';
import { report, root, workspaces } from './workspace.mjs';

/** The engine that the README of backend-tfjs starts with, in the version we test against. */
const tfjs = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'];
const pinned = workspaces().find(({ name }) => name === 'backend-tfjs')?.json.peerDependencies?.[
  '@tensorflow/tfjs-core'
];
/** As the workspace has it. */
const vitest = String(/^ {2}vitest: (.+)$/m.exec(readFileSync(`${root}pnpm-workspace.yaml`, 'utf8'))?.[1]);

/** Whose README is followed, with what it tells to install beside it. */
const visits = [
  { name: 'cells', beside: ['core', 'backend-cpu'] },
  { name: 'attention', beside: ['core', 'backend-cpu'] },
  { name: 'conformance-tests', beside: ['core', 'cells', 'attention'] },
  { name: 'backend-wasm', beside: ['core', 'cells'] },
  { name: 'backend-tfjs', beside: ['core'], others: Object.fromEntries(tfjs.map((name) => [name, String(pinned)])) },
];

/** @typedef {typeof visits[number] & { example: import('./install/example.mjs').Example, installer: 'npm' | 'pnpm' }} Visit */

/**
 * Follows one README with one installer.
 * @param {Visit} visit
 * @param {string} project the folder to do it in
 * @param {Map<string, string>} tarballs
 * @returns {Promise<{ problems: string[], summary: string, bundled?: string }>}
 */
async function follow({ name, beside, others = {}, example, installer }, project, tarballs) {
  const ours = [name, ...beside].map((short) => `@recurra/${short}`);
  const failed = install(project, installer, others, ours, tarballs);
  if (failed !== undefined) return { problems: [failed], summary: '' };
  /** @type {string[]} */
  const problems = [];
  const { missing, extra, count } = compareInstalled(project, ours, Object.keys(others));
  if (missing.length > 0) problems.push(`node_modules lacks ${missing.join(', ')}`);
  if (extra.length > 0) problems.push(`node_modules also holds ${extra.join(', ')}`);

  /** @param {string} what @param {{ status: number | null, stdout: string, stderr: string }} run */
  const compare = (what, { status, stdout, stderr }) => {
    if (status !== 0 || stderr !== '') problems.push(`${what} fails or complains:\n${readable(stderr)}`);
    else if (trimmed(stdout) !== example.output) problems.push(`${what} ${differs(stdout, example.output)}`);
  };
  writeFileSync(path.join(project, 'example.js'), example.code);
  const run = spawnSync(process.execPath, ['example.js'], { cwd: project, encoding: 'utf8' });
  compare('the example in Node', run);

  // What others wrote may ask for its surroundings, so it runs in a real browser only.
  const alone = Object.keys(others).length === 0;
  const { file, bytes, problems: inBundle } = await bundle(project, alone);
  problems.push(...inBundle);
  if (alone) compare('the bundle, where there is little but JavaScript,', runBare(file));
  const packages = `${count} packages`;
  const summary = `${packages}, example and bundle (${Math.round(bytes / 1024)} kB) print what the page says`;
  return { problems, summary, bundled: file };
}

/** @param {string} printed @param {string} expected */
function differs(printed, expected) {
  return `prints\n${printed}\nand the page says\n${expected}`;
}

/** An error without the minified lines that Node shows it in. @param {string} text */
function readable(text) {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && line.length < 300)
    .join('\n');
}

await packed(async (tarballs, folder) => {
  /** @type {string[]} */
  const problems = [];
  /** @type {{ title: string, file: string, output: string }[]} */
  const bundles = [];
  for (const visit of visits) {
    const page = `packages/${visit.name}/README.md`;
    const example = firstExample(readFileSync(root + page, 'utf8'));
    if (example === undefined) {
      problems.push(`${page} has no \`\`\`js example that says what it prints`);
      continue;
    }
    for (const installer of /** @type {const} */ (['npm', 'pnpm'])) {
      const began = Date.now();
      const title = `${installer}, ${page}`;
      const project = path.join(folder, `${installer}-${visit.name}`);
      const found = await follow({ ...visit, example, installer }, project, tarballs);
      problems.push(...found.problems.map((problem) => `${title}: ${problem}`));
      if (found.bundled !== undefined) bundles.push({ title, file: found.bundled, output: example.output });
      const outcome = found.problems.length === 0 ? found.summary : `${found.problems.length} problems`;
      console.log(`  ${title}: ${outcome}, ${since(began)}`);
    }
  }

  for (const installer of /** @type {const} */ (['npm', 'pnpm'])) {
    const began = Date.now();
    const found = useTheSuite(path.join(folder, `${installer}-suite`), installer, tarballs, vitest);
    problems.push(...found.map((problem) => `${installer}, the suite: ${problem}`));
    const outcome = found.length === 0 ? 'by command, node --test and Vitest' : `${found.length} problems`;
    console.log(`  ${installer}, the suite on a backend of one's own: ${outcome}, ${since(began)}`);
  }

  const chromium = findChromium();
  if (chromium === undefined) console.log('  no Chromium here: the bundles ran outside of a browser only');
  else {
    const began = Date.now();
    const files = bundles.map(({ file }) => file);
    for (const [i, { stdout, problem }] of (await runInChromium(chromium, files)).entries()) {
      const { title, output } = /** @type {typeof bundles[number]} */ (bundles[i]);
      if (problem !== undefined) problems.push(`${title}: the bundle in Chromium fails: ${problem}`);
      else if (trimmed(stdout) !== output) problems.push(`${title}: the bundle in Chromium ${differs(stdout, output)}`);
    }
    console.log(`  Chromium: ${bundles.length} bundles, ${since(began)}`);
  }
  const pages = `${visits.length} READMEs, each followed with npm and with pnpm`;
  report(`${pages}: what they name installs, nothing else comes along, and their examples run`, problems);
});

/** @param {number} began */
function since(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

// `npm test`: set up, then run every test once, also in a browser. Arguments go to vitest: npm test -- packages/cells
// Chromium runs a part of what it can; with RECURRA_TESTS=whole all of it, and then not to run it is a failure.
import { spawnSync } from 'node:child_process';
import { ensureChromium } from './chromium.mjs';
import { setUp } from './set-up.mjs';
import { root } from './workspace.mjs';

if (!setUp()) process.exit(1);
const given = process.argv.slice(2);
// Whoever asks for other tests alone waits for no browser.
const projects = given.flatMap((arg, i) => (arg === '--project' ? [given[i + 1]] : arg.split('--project=').slice(1)));
const paths = given.filter((arg) => /^(packages|apps|examples|tools)\//.test(arg));
const inBrowser =
  [...projects, ...paths].length === 0 || [...projects, ...paths].some((name) => /browser/.test(String(name)));
const chromium = inBrowser ? ensureChromium() : undefined;
const vitest = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', ...given], {
  cwd: root,
  stdio: 'inherit',
});
if (inBrowser && chromium === undefined)
  console.warn(
    'Left out: the tests in a browser (WebGL, WebGPU), as there is no Chromium; install one or set CHROMIUM_PATH.\n',
  );
process.exit(vitest.status ?? 1);

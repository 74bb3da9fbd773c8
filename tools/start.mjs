// `npm start`: set up, then bundle the demo from the packages' sources and run it. Arguments go to the demo.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setUp } from './set-up.mjs';
import { root } from './workspace.mjs';

if (!setUp()) process.exit(1);
const { build } = await import('esbuild');
const { dependencies } = JSON.parse(readFileSync(`${root}apps/demo/package.json`, 'utf8'));
const out = `${root}apps/demo/dist/main.js`;
await build({
  entryPoints: [`${root}apps/demo/src/main.ts`],
  outfile: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  // Our own packages come from their sources; the libraries of others stay where they were installed.
  conditions: ['@recurra/source'],
  external: Object.keys(dependencies).filter((name) => !name.startsWith('@recurra/')),
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has said why
const demo = spawnSync(process.execPath, ['--enable-source-maps', out, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(demo.status ?? 1);

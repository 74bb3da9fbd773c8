// `npm start`: set up, then bundle the demo from the packages' sources, run it in the terminal, and serve its page.
// Where nobody is there to look (CI is set) the page is built, and that is all. Arguments go to the demo.
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
if (demo.status !== 0) process.exit(demo.status ?? 1);

const vite = await import('vite');
const configFile = `${root}apps/demo/vite.config.ts`;
const page = `${root}apps/demo/dist/page/index.html`;
await vite.build({ configFile, logLevel: 'error' }).catch((error) => {
  console.error(error);
  process.exit(1);
});
if (process.env.CI) {
  console.log(`The page is built: ${page.slice(root.length)}. Without CI, npm start serves it.\n`);
} else {
  const server = await vite.preview({ configFile, logLevel: 'error' });
  const address = server.resolvedUrls?.local[0] ?? `http://localhost:${server.config.preview.port}/`;
  console.log(`The same in your browser, and more: ${address}   (Ctrl-C ends it)\n`);
}

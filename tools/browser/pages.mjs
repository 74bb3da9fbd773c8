// Runs pages of tests in one headless Chromium, all at the same time: each is a file *.page.ts, bundled from the sources.
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openChromium } from '../chromium.mjs';
import { root } from '../workspace.mjs';

/** @typedef {import('./page.js').PageResult} PageResult */
/** @typedef {{ page: string, results: PageResult[], problem?: string | undefined }} PageRun */

// Minutes on a slow machine, but something arrives all the time.
const patience = 120_000;

// Isolated, as shared memory needs. A page loads its bundle, which registers tests, and runs them.
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/** @param {string} script */
const html = (script) => `<!doctype html><meta charset="utf-8"><script type="module">${script}</script>`;

// Each page in a frame of its own.
/** @param {number} count */
const opener = (count) =>
  html(`for (let i = 0; i < ${count}; i++) {
  const frame = document.createElement('iframe');
  frame.src = '/' + i + '/';
  document.body.append(frame);
}`);

// What goes wrong beside the tests (a shader that does not compile, a promise that nobody awaits) is a problem of the page.
const page = html(`
const post = (body) => fetch('./result', { method: 'POST', body: JSON.stringify(body) });
const problems = [];
addEventListener('error', (event) => problems.push(String(event.error?.stack ?? event.message)));
addEventListener('unhandledrejection', (event) => problems.push(String(event.reason?.stack ?? event.reason)));
if (navigator.gpu) {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await requestDevice.apply(this, given);
    device.addEventListener('uncapturederror', ({ error }) => problems.push(error.message));
    return device;
  };
}
try {
  const { runTests } = await import('./bundle.js');
  await runTests((results) => post({ results }));
} catch (error) {
  problems.push(String(error?.stack ?? error));
}
await post({ results: [], done: true, problem: problems.slice(0, 5).join('\\n') || undefined });
`);

/**
 * Runs every page, and gives all that came back, also from pages that stopped.
 * @param {string} chromium its path
 * @param {readonly string[]} files paths from the root
 * @returns {Promise<PageRun[]>}
 */
export async function runPages(chromium, files) {
  const scripts = await bundle(files);
  /** @type {PageRun[]} */
  const runs = files.map((file) => ({ page: file, results: [], problem: 'it has not ended' }));
  let left = files.length;
  let heard = performance.now();
  /** @type {() => void} */
  let done = () => undefined;
  const all = /** @type {Promise<void>} */ (new Promise((resolve) => (done = resolve)));
  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const script = scripts.get(request.url ?? '');
    if (script !== undefined) return void response.setHeader('content-type', 'text/javascript').end(script);
    const [, index = '', name = ''] = /^\/(\d*)\/?(.*)$/.exec(request.url ?? '') ?? [];
    const run = runs[Number(index)];
    if (index === '' || run === undefined)
      return void response.setHeader('content-type', 'text/html').end(opener(files.length));
    if (name === '') return void response.setHeader('content-type', 'text/html').end(page);
    if (name !== 'result') return void response.writeHead(404).end();
    const { results, done: last, problem } = JSON.parse(await text(request));
    run.results.push(...results);
    heard = performance.now();
    if (last) {
      run.problem = problem;
      if (--left === 0) done();
    }
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = openChromium(chromium, `http://127.0.0.1:${port}/`);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const silent = new Promise((resolve) => {
    timer = setInterval(() => {
      if (performance.now() - heard > patience) resolve(`nothing has come from it for ${patience / 1000} s`);
    }, 1000);
  });
  try {
    const problem = await Promise.race([all, browser.ended, silent]);
    if (problem) for (const run of runs) if (run.problem === 'it has not ended') run.problem = String(problem);
    return runs;
  } finally {
    clearInterval(timer);
    await browser.end();
    server.closeAllConnections();
    server.close();
  }
}

/**
 * Each page with the runner of its tests, at `0/bundle.js` and so on. They are bundled together: what several of them use is
 * read once.
 *
 * @param {readonly string[]} files
 * @returns {Promise<Map<string, string>>} what to serve, by its path
 */
async function bundle(files) {
  const runner = fileURLToPath(new URL('page.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: files.map((_, i) => ({ in: `page:${i}`, out: `${i}/bundle` })),
    plugins: [
      {
        name: 'pages',
        setup({ onResolve, onLoad }) {
          // A page is there for its effects, whatever the package.json above it says.
          onResolve({ filter: /^page:/ }, ({ path: name }) => ({ path: name, namespace: 'page', sideEffects: true }));
          onLoad({ filter: /./, namespace: 'page' }, ({ path: name }) => {
            const file = root + files[Number(name.slice(5))];
            const contents = `import ${JSON.stringify(file)}; export { runTests } from ${JSON.stringify(runner)};`;
            return { contents, resolveDir: path.dirname(file) };
          });
        },
      },
    ],
    outdir: '/',
    chunkNames: 'chunks/[hash]',
    bundle: true,
    splitting: true,
    ignoreAnnotations: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@recurra/source'],
    loader: { '.txt': 'text', '.wasm': 'dataurl' },
    define: { WHOLE: String(process.env.RECURRA_TESTS === 'whole') },
    logLevel: 'error',
  });
  return new Map(outputFiles.map((file) => [`/${path.relative('/', file.path)}`, file.text]));
}

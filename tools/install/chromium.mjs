// Bundles run in a headless Chromium, where one is installed: each in a page of its own, all in one browser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { format } from 'node:util';

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/** The path of an installed Chromium or Chrome. @returns {string | undefined} */
export function findChromium() {
  return places.find((place) => place !== undefined && existsSync(place));
}

// A page runs one bundle and sends what it printed. Typed arrays would not survive JSON, so they go in a box.
const page = `<!doctype html><meta charset="utf-8"><script type="module">
const printed = [];
const box = (value) => ArrayBuffer.isView(value) ? { view: value.constructor.name, values: Array.from(value) } : { value };
console.log = (...args) => { printed.push(args.map(box)); };
console.warn = console.error = (...args) => { printed.push([box('on the console: ' + args.join(' '))]); };
let problem;
try { await import('./bundle.js'); } catch (error) { problem = String(error?.stack ?? error); }
await fetch('./result', { method: 'POST', body: JSON.stringify({ printed, problem }) });
</script>`;

// The first page opens the others one after the other, as the bundles may be busy at once otherwise.
const opener = `<!doctype html><script type="module">
for (let i = 0; i < COUNT; i++) {
  const frame = document.createElement('iframe');
  frame.src = '/' + i + '/';
  document.body.append(frame);
  await fetch('/' + i + '/done');
}
</script>`;

const views = { Float32Array, Int32Array, Uint8Array };

/** @typedef {{ printed: ({ view: string, values: number[] } | { view?: undefined, value: unknown })[][], problem?: string }} Result */

/**
 * What each bundle prints, in their order; as Node would have written it.
 * @param {string} chromium its path
 * @param {readonly string[]} files
 * @returns {Promise<{ stdout: string, problem?: string | undefined }[]>}
 */
export async function runInChromium(chromium, files) {
  const results = files.map(() => {
    /** @type {(result: Result) => void} */
    let resolve = () => undefined;
    /** @type {Promise<Result>} */
    const promise = new Promise((done) => (resolve = done));
    return { promise, resolve };
  });
  const server = createServer(async (request, response) => {
    const [, index = '', name] = /^\/(\d*)\/?(.*)$/.exec(request.url ?? '') ?? [];
    const result = results[Number(index)];
    if (index === '')
      return void response.setHeader('content-type', 'text/html').end(opener.replace('COUNT', String(files.length)));
    if (result === undefined) return void response.writeHead(404).end();
    if (name === '') return void response.setHeader('content-type', 'text/html').end(page);
    if (name === 'done') return void result.promise.finally(() => response.end());
    if (name === 'result') {
      result.resolve(JSON.parse(await text(request)));
      return void response.end();
    }
    response.setHeader('content-type', 'text/javascript').end(readFileSync(String(files[Number(index)])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const profile = mkdtempSync(path.join(tmpdir(), 'recurra-chromium-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    `--user-data-dir=${profile}`,
  ];
  // A process group of its own, so that its helper processes can be ended with it.
  const browser = spawn(chromium, [...flags, `http://127.0.0.1:${address.port}/`], { stdio: 'ignore', detached: true });
  const ended = once(browser, 'exit');
  try {
    const late = new Promise((_, reject) => {
      globalThis.setTimeout(() => reject(new Error('Chromium has not run the bundles within 180 s')), 180_000).unref();
      browser.once('error', reject);
      browser.once('exit', (code) => reject(new Error(`Chromium ended with ${code}`)));
    });
    late.catch(() => undefined);
    const all = await Promise.race([Promise.all(results.map(({ promise }) => promise)), late]);
    return /** @type {Result[]} */ (all).map(({ printed, problem }) => ({
      stdout: printed.map((args) => format(...args.map(unboxed))).join('\n'),
      problem,
    }));
  } finally {
    end(browser);
    await ended.catch(() => undefined);
    server.closeAllConnections();
    server.close();
    await remove(profile);
  }
}

/** Ends a browser with the processes it started. @param {import('node:child_process').ChildProcess} browser */
function end(browser) {
  if (browser.pid === undefined) return;
  try {
    process.kill(-browser.pid, 'SIGKILL');
  } catch {
    browser.kill('SIGKILL');
  }
}

// A helper process may still write for a moment; a folder left among the temporary files is no reason to fail.
/** @param {string} folder */
async function remove(folder) {
  for (let tries = 0; tries < 50; tries++) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch {
      await setTimeout(200);
    }
  }
  console.warn(`could not remove ${folder}`);
}

/** @param {Result['printed'][number][number]} boxed */
function unboxed(boxed) {
  if (boxed.view === undefined) return boxed.value;
  return new views[/** @type {keyof typeof views} */ (boxed.view)](boxed.values);
}

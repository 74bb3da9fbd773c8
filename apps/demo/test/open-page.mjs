// The page as a visitor gets it: built, served, and opened in a Chromium, for the tests and for the screenshots.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));

/** The path of a Chromium, or undefined: the tools of the repository know where to look. @returns {Promise<string | undefined>} */
export async function chromiumHere() {
  const tool = new URL('../../../tools/chromium.mjs', import.meta.url).href;
  return (await import(/* @vite-ignore */ tool)).findChromium();
}

/**
 * Builds the page into a folder of its own, so that nobody's build is in the way, and serves it to a browser.
 * @param {string} executablePath
 */
export async function openPage(executablePath) {
  const outDir = mkdtempSync(path.join(tmpdir(), 'recurra-page-'));
  const shared = /** @type {const} */ ({ configFile, logLevel: 'error', build: { outDir } });
  const launched = chromium.launch({ executablePath });
  launched.catch(() => undefined); // said where it is waited for
  // Under a test runner this is no production build, unless it is said.
  const mode = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await build({ ...shared, mode: 'production' });
  if (mode === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = mode;
  const server = await preview({ ...shared, preview: { port: 0, host: '127.0.0.1' } });
  const browser = await launched;
  return {
    url: /** @type {string} */ (server.resolvedUrls?.local[0]),
    browser,
    async close() {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

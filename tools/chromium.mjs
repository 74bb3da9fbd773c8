// A Chromium to test in: finds one, installs Debian's where that is allowed, runs it headless and ends it wholly.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

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

/**
 * The path of a Chromium, which on a Debian where we are root is installed if need be (113 MB, once).
 * @returns {string | undefined}
 */
export function ensureChromium() {
  const found = findChromium();
  const may = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0 && !process.env.SKIP_CHROMIUM_INSTALL;
  if (found !== undefined || !may) return found;
  console.log(
    "Installing Debian's Chromium for the tests in a browser (once; SKIP_CHROMIUM_INSTALL=1 leaves them out).",
  );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ])
    if (spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) break;
  return findChromium();
}

// WebGL and WebGPU in software (SwiftShader, a part of Chromium) on one Vulkan device, so that both work without a GPU.
const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  // Compiled shaders are for this run: to write them to a disk takes longer than they do.
  '--disable-gpu-program-cache',
  '--disable-gpu-shader-disk-cache',
];

/**
 * Opens a page in a Chromium of its own.
 * @param {string} chromium its path
 * @param {string} url
 * @returns {{ ended: Promise<string>, end: () => Promise<void> }} what to say if it ends by itself, and how to end it
 */
export function openChromium(chromium, url) {
  const profile = mkdtempSync(path.join(tmpdir(), 'recurra-chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', '--no-first-run', ...softwareGpu];
  // A process group of its own, so that its helper processes can be ended with it.
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, url], { stdio: 'ignore', detached: true });
  const ended = Promise.race([
    once(browser, 'exit').then(([code, signal]) => `Chromium ended with ${code ?? signal}`),
    once(browser, 'error').then(([error]) => `Chromium does not start: ${error}`),
  ]);
  // Also when the tests are interrupted.
  const kill = () => endGroup(browser);
  process.once('exit', kill);
  return {
    ended,
    async end() {
      process.off('exit', kill);
      kill();
      await ended;
      await remove(profile);
    },
  };
}

/** Ends a browser with the processes it started. @param {import('node:child_process').ChildProcess} browser */
function endGroup(browser) {
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

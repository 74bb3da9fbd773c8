/**
 * The page in a real browser: each section does its job on cpu and on wasm, says nothing on the console, and can be read by
 * everybody. RECURRA_TESTS=whole also tries TensorFlow.js's engines, and asks axe about every section in both themes.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumHere, openPage } from './open-page.mjs';

/** In the page: milliseconds of its long tasks, and its training workers. */
declare global {
  var blocked: number[];
  var trainers: Worker[];
}

const executablePath = await chromiumHere();
const whole = process.env['RECURRA_TESTS'] === 'whole';
if (executablePath === undefined) console.warn('No Chromium: the page of the demo is not tested.');

// All together, as most of the time is waiting; software GPUs leave nothing to share.
const pace = { concurrent: !whole, ...(whole && { timeout: 180_000 }) };

describe.skipIf(executablePath === undefined)('the page', pace, () => {
  let browser: Browser;
  let url: string;
  let close: () => Promise<void>;
  /** What the console of a page said that nobody wants to read. */
  const problems = new WeakMap<Page, string[]>();
  /** Every script that was loaded, with its size as a server would send it. */
  const scripts = new Map<string, number>();

  beforeAll(async () => {
    ({ browser, url, close } = await openPage(executablePath!));
  });
  afterAll(() => close?.());

  /** A visitor who has never been here, at this section. */
  async function visit(section: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, reducedMotion: 'reduce' });
    context.on('response', (response) => {
      if (new URL(response.url()).pathname.endsWith('.js') && !scripts.has(response.url()))
        void response.body().then(
          (body) => scripts.set(response.url(), gzipSync(body).length),
          () => undefined, // the page was closed
        );
    });
    const page = await context.newPage();
    const said: string[] = [];
    problems.set(page, said);
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) said.push(message.text());
    });
    await page.goto(`${url}#${section}`);
    return page;
  }

  /** Nothing is left to ask of it: axe finds nothing serious, and it fits a phone. Then it is closed. */
  async function checkLeft(page: Page): Promise<void> {
    for (const colorScheme of whole ? (['light', 'dark'] as const) : []) {
      await page.emulateMedia({ colorScheme });
      const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(); // there are no frames
      const { violations } = await axe.analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.context().close();
    expect(problems.get(page)).toEqual([]);
  }

  const both = async (page: Page, check: (backend: string) => Promise<void>): Promise<void> => {
    for (const backend of whole ? ['cpu', 'wasm', 'wasm-relaxed', 'tfjs-wasm', 'tfjs-webgl'] : ['cpu', 'wasm']) {
      await page.selectOption('#backend', backend);
      await check(backend.replace('-', ' '));
    }
  };

  it('notebook: the same as Keras, until a weight is turned', async () => {
    const page = await visit('notebook');
    await both(page, async (backend) => {
      await page.waitForSelector(`.verdicts th:has-text("the same on ${backend}?")`);
      await page.waitForSelector(`#section-notebook .verdict:has-text("on ${backend}")`);
      expect(await page.locator('.verdicts .yes').count()).toBe(6);
      for (const cell of ['SimpleRNN', 'GRU', 'LSTM']) {
        await page.getByRole('radio', { name: cell }).check();
        await page.waitForSelector(`.step:has-text("${{ SimpleRNN: 'what it saw', GRU: 'z_t', LSTM: 'f_t' }[cell]!}")`);
        expect(await page.locator('.verdict .yes').count()).toBe(2);
      }
    });
    expect(await page.locator('figure canvas').count()).toBe(7 + 2);

    const numbers = (): Promise<string | null> => page.textContent('.strip[data-track=h]');
    const before = await numbers();
    await page.locator('#time').focus();
    await page.keyboard.press('ArrowRight');
    expect(await numbers()).not.toBe(before);
    await page.locator('#only').check();
    await page.locator('#weight').fill('2');
    await page.waitForSelector('.verdict .no');
    expect(await page.getAttribute('figure[data-map=h] canvas', 'aria-label')).toMatch(/what changed .* from −?\d/);
    await page.getByRole('button', { name: 'Put Keras’s weights back' }).click();
    await page.waitForSelector('.verdict .yes');
    // By keyboard past the navigation: the address still names the section.
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => [document.activeElement!.id, location.hash])).toEqual(['main', '#notebook']);
    await checkLeft(page);
  });

  it('forecast: Keras’s forecasts, and those of the visitor’s numbers', async () => {
    const page = await visit('forecast');
    await both(page, async (backend) => {
      await page.waitForSelector(
        `#section-forecast .verdict:has-text("true the same forecasts as Keras’s, on ${backend}:")`,
      );
    });
    const csv = (text: string) => ({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.setInputFiles('#csv', csv('no,numbers\nat,all'));
    await page.waitForSelector('[role=alert]:has-text("No column of numbers")');
    await page.setInputFiles('#csv', csv('v\n1\n2\n3'));
    await page.waitForSelector('[role=alert]:has-text("more than 33 numbers")');
    // A problem with the next file takes the place of the last one's.
    await page.setInputFiles('#csv', csv(''));
    await page.waitForSelector('[role=alert]:has-text("The file is empty")');
    expect(await page.locator('[role=alert]').count()).toBe(1);
    const column = (value: (i: number) => number, n = 60) =>
      csv(Array.from({ length: n }, (_, i) => value(i)).join('\n'));
    await page.setInputFiles(
      '#csv',
      column((i) => (-1) ** i * 1.7e308),
    );
    await page.waitForSelector('[role=alert]:has-text("farther apart")');
    await page.setInputFiles(
      '#csv',
      column((i) => (i % 11) * 1e-5),
    );
    await page.waitForSelector('.hint:text-matches("error: [1-9][.]\\\\d·10⁻⁵; .* next value: −?[1-9]")');
    if (whole) {
      await page.setInputFiles(
        '#csv',
        column((i) => Math.sin(i), 12_000),
      );
      await page.waitForSelector('.verdict:has-text("the last 5,000 of 12,000 numbers")');
    }
    // A file dropped anywhere is read, and never opened in place of the page.
    const opened = await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Array.from({ length: 50 }, (_, i) => i % 9).join('\n')], 'dropped.csv'));
      return document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
    expect(opened).toBe(false);
    await page.waitForSelector('.verdict:has-text("18 forecasts of column 1")');
    const waves = Array.from({ length: 80 }, (_, i) => `${i},${50 + 40 * Math.sin(i / 1.75)}`);
    await page.setInputFiles('#csv', csv(`day,level\n${waves.join('\n')}`));
    await page.waitForSelector('.verdict:has-text("48 forecasts of level")');
    await page.getByRole('button', { name: 'Back to the sunspots' }).click();
    await page.waitForSelector('.verdict:has-text("Keras’s")');
    await checkLeft(page);
  });

  it('attention: a word is said, training lowers the loss, and goes on where the page was left', async () => {
    const page = await visit('attention');
    const watch = (): void => {
      const long: number[] = (globalThis.blocked = []);
      const seen = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
      seen.observe({ type: 'longtask' });
    };
    await page.evaluate(watch);
    await page.addInitScript(watch);
    const blockedFor: number[] = [];
    const status = '.training [role=status]';
    const number = async (pattern: RegExp): Promise<number> =>
      Number(pattern.exec((await page.textContent(status))!)?.[1] ?? Number.NaN);
    const reached = (step: number): Promise<unknown> =>
      page.waitForFunction(
        ([at, least]) =>
          Number(/^epoch.*step (\d+)/.exec(document.querySelector(at)?.textContent ?? '')?.[1] ?? 0) >= least,
        [status, step] as const,
      );
    await both(page, async () => {
      await page.fill('#word', 'nation');
      await page.waitForSelector('[data-look=luong] .spoken:has-text("SH AH N")');
      const label = await page.getAttribute('[data-look=bahdanau] canvas', 'aria-label');
      expect(label).toMatch(/^Bahdanau.*N at n.*SH at [ti]/);
      await page.fill('#word', 'hello');
      await page.waitForSelector('[data-look=luong] .spoken:has-text("HH")');
    });

    await page.fill('#word', 'Zürich 2');
    await page.waitForSelector('#word-hint:has-text("without 2.")');
    await page.waitForSelector('[data-look=luong] .letters:has-text("zurich")');
    await page.fill('#word', '42');
    await page.waitForSelector('#word-hint:has-text("Type a word")');
    await page.fill('#word', 'x'.repeat(60));
    await page.waitForSelector('#word-hint:has-text("the first 16")');

    const click = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('radio', { name: 'luong' }).check();
    for (const backend of whole ? ['cpu', 'wasm'] : ['wasm']) {
      await page.selectOption('#backend', backend);
      await page.waitForFunction(() => !document.querySelector('#backend')!.hasAttribute('aria-busy'));
      // Who pauses before it has begun, pauses.
      await page.waitForSelector('.training button.main:enabled');
      await page.evaluate(() => {
        const named = (name: string) => [...document.querySelectorAll('button')].find((b) => b.textContent === name);
        named('Train')!.click();
        named('Pause')!.click();
      });
      await page.waitForSelector(`${status}:has-text("Paused after step 1 ")`);
      await click('Go on');
      await reached(24);
      // Another backend is for what comes next: this run has its own.
      await page.selectOption('#backend', 'wasm-relaxed');
      await page.waitForFunction(() => !document.querySelector('#backend')!.hasAttribute('aria-busy'));
      expect(await page.textContent(status)).toMatch(new RegExp(`left on ${backend}$`));
      await page.selectOption('#backend', backend);
      await click('Pause');
      await page.waitForSelector(`${status}:has-text("Paused")`);
      const paused = await number(/step (\d+)/);
      await click('Go on');
      await reached(Math.max(paused + 1, 60));
      // Who guesses has a loss of ln 41 = 3.7.
      expect(await number(/loss ([\d.]+)/)).toBeLessThan(3.4);
      blockedFor.push(...(await page.evaluate(() => blocked)));
      // The page is left in the middle of it, and found again.
      await page.reload();
      await reached(paused + 1);
      expect(await page.textContent(status)).toContain(`left on ${backend}`);
      expect(await page.isChecked('input[value=luong]')).toBe(true);
      await click('Stop');
      await page.waitForSelector(`${status}:has-text("Stopped")`);
      await page.waitForSelector('button:has-text("Train anew")');
      expect(await page.isVisible('button:has-text("Go on")')).toBe(false);
      const [file] = await Promise.all([page.waitForEvent('download'), click('Download the weights')]);
      expect(file.suggestedFilename()).toBe('luong.ckpt');
      await page.getByRole('radio', { name: 'trained here' }).check();
      await page.waitForSelector('[data-look=luong] .hint:has-text("Trained here")');
      await click('Throw away');
    }
    // The worker computes, and the page does not wait: at most for the machine, never for one in six of a hundred steps.
    if (whole) expect(blockedFor.filter((ms) => ms >= 100).length).toBeLessThanOrEqual(16);
    await checkLeft(page);
  });

  it('stream: a step for each letter, and a guess at the next', async () => {
    const page = await visit('stream');
    await both(page, async (backend) => {
      await page.fill('#typed', 'q');
      await page.waitForSelector('.guesses li:first-child:has-text("u")');
      await page.waitForSelector(`.timing:has-text("µs a step on ${backend}")`);
    });
    // Accents go; what is no letter ends a word.
    await page.fill('#typed', 'É1');
    await page.waitForSelector('.typed:has-text("·É1")');
    expect(await page.getAttribute('#section-stream canvas', 'aria-label')).toContain('over 3 steps');
    await page.clock.install(); // the sample has a pace of its own
    const play = page.getByRole('button', { name: 'Play the sample' });
    await play.click();
    await page.clock.runFor(6000);
    await page.waitForSelector('.typed span:nth-child(29)');
    // Who types is not typed over.
    await play.click();
    await page.clock.runFor(500);
    await page.locator('#typed').evaluate((input: HTMLInputElement) => {
      input.value = 'mine';
      input.dispatchEvent(new InputEvent('input'));
    });
    await page.clock.runFor(500);
    expect(await page.inputValue('#typed')).toBe('mine');
    // In the page, as a busy machine may come too late to stop it.
    const labels = await play.evaluate((button: HTMLElement) => {
      button.click();
      const during = button.textContent;
      button.click();
      return [during, button.textContent];
    });
    expect(labels).toEqual(['Stop', 'Play the sample']);
    await checkLeft(page);
  });

  it('backends: measured now, or why not; and a lost connection', async () => {
    const page = await visit('backends');
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const threads = cores > 1 ? '.far:has-text("·10⁻")' : '.words:has-text("one core")';
    await page.waitForSelector(`tr[data-backend=wasm-threads] ${threads}`);
    for (const backend of ['cpu', 'wasm', 'wasm-relaxed'])
      expect(await page.textContent(`tr[data-backend=${backend}]`)).toMatch(/\d µs/);
    expect(await page.textContent('tr[data-backend=wasm]')).toMatch(/·10⁻[⁶⁷⁸]/);

    // The connection is gone, and comes back.
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Stream' }).click();
    await page.waitForSelector('[role=alert]:has-text("Is the connection still there?")');
    await page.selectOption('#backend', 'tfjs-wasm');
    await page.waitForSelector('.said:has-text("Is the connection still there? Still on cpu.")');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('.guesses li');
    expect(await page.locator('[role=alert]').count()).toBe(0);
    await page.getByRole('link', { name: 'Backends' }).click();
    // The browser tells of what it could not load; nobody else does.
    const said = problems.get(page)!;
    expect(said.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    said.length = 0;
    await checkLeft(page);
  });

  it.runIf(whole)('says in words that the worker stopped or storage is full, and loses nothing', async () => {
    const page = await visit('stream');
    await page.waitForSelector('.guesses li');
    const worker = /\/worker-[^/]*\.js$/;
    await page.route(worker, (route) => route.abort());
    await page.goto(`${url}#notebook`);
    await page.reload();
    await page.waitForSelector('[role=alert]:has-text("The worker stopped")');
    await page.unroute(worker);
    await page.getByRole('button', { name: 'Compute again' }).click();
    await page.waitForSelector('.verdict .yes');
    await page.context().close(); // the browser has told of the script that did not come

    const full = await visit('notebook');
    await full.addInitScript(() => {
      globalThis.trainers = [];
      globalThis.Worker = class extends Worker {
        constructor(script: string | URL, options?: WorkerOptions) {
          super(script, options);
          if (options?.name === 'trainer') trainers.push(this);
        }
      };
    });
    await full.route(worker, async (route) => {
      const response = await route.fetch();
      const refuse = "IDBFactory.prototype.open = () => { throw new DOMException('', 'QuotaExceededError'); };";
      await route.fulfill({ response, body: `${refuse}${await response.text()}` });
    });
    await full.goto(`${url}#attention`);
    await full.reload();
    await full.getByRole('button', { name: 'Train', exact: true }).click();
    await full.waitForSelector('[role=alert]:has-text("storage is full")');
    await full.getByRole('button', { name: 'Pause' }).click();
    await full.waitForSelector('.training [role=status]:text-matches("Paused.*here as long as the page is open")');
    await full.getByRole('button', { name: 'Go on' }).click();
    await full.waitForSelector('.training [role=status]:has-text("left on cpu")');
    // The worker dies, and nothing is lost: the page has what storage would not take.
    const step = async (): Promise<number> =>
      Number(/step (\d+)/.exec((await full.textContent('.training [role=status]'))!)?.[1]);
    await full.waitForFunction(
      () => Number(/step (\d+)/.exec(document.querySelector('.training [role=status]')?.textContent ?? '')?.[1]) > 30,
    );
    await full.evaluate(() => trainers.at(-1)!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })));
    await full.waitForSelector('[role=alert]:has-text("The worker stopped (out of memory)")');
    await full.getByRole('button', { name: 'Go on from what was kept' }).click();
    await full.waitForSelector('.training [role=status]:has-text("left on cpu")');
    expect(await step()).toBeGreaterThan(1);
    await full.context().close();
    expect(problems.get(full)).toEqual([]);
  });

  it.runIf(whole)('says in words which backends this browser has not', async () => {
    const page = await visit('notebook');
    await page.route(/\/worker-[^/]*\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `WebAssembly.validate = () => false;${await response.text()}` });
    });
    await page.reload();
    for (const [backend, why] of [
      ['wasm', 'wasm: this browser has no WebAssembly SIMD. Still on cpu.'],
      ['wasm-relaxed', 'wasm: this browser has no WebAssembly SIMD. Still on cpu.'],
      ['tfjs-webgpu', /WebGPU.*Still on cpu\.$/],
    ] as const) {
      await page.selectOption('#backend', backend);
      await page.waitForSelector('.said:has-text("Still on cpu")');
      expect(await page.textContent('.said')).toMatch(why);
      await page.selectOption('#backend', 'cpu');
      await page.waitForSelector('.said:empty', { state: 'attached' });
    }
    await page.context().close();
  });

  it.sequential('loads at most 300 KB of script, all sections on our own backends together', async () => {
    const total = [...scripts.values()].reduce((a, b) => a + b, 0);
    console.log(`${scripts.size} scripts, ${(total / 1000).toFixed(0)} KB gzip`);
    expect(scripts.size).toBeGreaterThan(10);
    // TensorFlow.js is loaded by who chooses it: the whole tests do.
    if (!whole) expect(total).toBeLessThanOrEqual(300_000);
  });
});

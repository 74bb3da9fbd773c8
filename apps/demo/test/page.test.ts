/**
 * The page in a real browser: each section does its job on cpu and on wasm, says nothing on the console, and can be read by
 * everybody. RECURRA_BROWSER=whole also tries TensorFlow.js's engines and the dark theme, which take longer.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumHere, openPage } from './open-page.mjs';

const executablePath = await chromiumHere();
const whole = process.env['RECURRA_BROWSER'] === 'whole';
if (executablePath === undefined) console.warn('No Chromium: the page of the demo is not tested.');

describe.skipIf(executablePath === undefined)('the page', () => {
  let browser: Browser;
  let url: string;
  let close: () => Promise<void>;
  /** What the console said that nobody wants to read. */
  const problems: string[] = [];
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
      if (new URL(response.url()).pathname.endsWith('.js'))
        void response.body().then(
          (body) => scripts.set(response.url(), gzipSync(body).length),
          () => undefined, // the page was closed
        );
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(`${section}: ${error}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`${section}: ${message.text()}`);
    });
    await page.goto(`${url}#${section}`);
    return page;
  }

  /** Nothing is left to ask of it: axe finds nothing serious, and it fits a phone. Then it is closed. */
  async function checkLeft(page: Page): Promise<void> {
    for (const colorScheme of whole ? (['light', 'dark'] as const) : (['light'] as const)) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.context().close();
    expect(problems).toEqual([]);
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
    const waves = Array.from({ length: 80 }, (_, i) => `${i},${50 + 40 * Math.sin(i / 1.75)}`);
    await page.setInputFiles('#csv', csv(`day,level\n${waves.join('\n')}`));
    await page.waitForSelector('.verdict:has-text("48 forecasts of level")');
    await page.getByRole('button', { name: 'Back to the sunspots' }).click();
    await page.waitForSelector('.verdict:has-text("Keras’s")');
    await checkLeft(page);
  });

  it('attention: a word is said, training lowers the loss, and goes on where the page was left', async () => {
    const page = await visit('attention');
    const status = '.training [role=status]';
    const number = async (pattern: RegExp): Promise<number> =>
      Number(pattern.exec((await page.textContent(status))!)?.[1] ?? Number.NaN);
    const reached = (step: number): Promise<unknown> =>
      page.waitForFunction(
        ([at, least]) => Number(/^epoch.*step (\d+)/.exec(document.querySelector(at)!.textContent!)?.[1] ?? 0) >= least,
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

    for (const backend of whole ? ['cpu', 'wasm'] : ['wasm']) {
      await page.selectOption('#backend', backend);
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await reached(24);
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.waitForSelector(`${status}:has-text("Paused")`);
      const paused = await number(/step (\d+)/);
      await page.getByRole('button', { name: 'Go on' }).click();
      await reached(paused + 1);
      // Who guesses has a loss of ln 41 = 3.7.
      expect(await number(/loss ([\d.]+)/)).toBeLessThan(3.4);
      // The page is left in the middle of it, and found again.
      await page.reload();
      await reached(paused + 1);
      expect(await page.textContent(status)).toContain(`left on ${backend}`);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.waitForSelector(`${status}:has-text("Stopped")`);
      await page.getByRole('radio', { name: 'trained here' }).check();
      await page.waitForSelector('[data-look=bahdanau] .hint:has-text("Trained here")');
      await page.getByRole('button', { name: 'Throw away' }).click();
    }
    await checkLeft(page);
  });

  it('stream: a step for each letter, and a guess at the next', async () => {
    const page = await visit('stream');
    await both(page, async (backend) => {
      await page.fill('#typed', 'q');
      await page.waitForSelector('.guesses li:first-child:has-text("u")');
      await page.waitForSelector(`.timing:has-text("µs a step on ${backend}")`);
    });
    const play = page.getByRole('button', { name: 'Play the sample' });
    await play.click();
    await page.waitForSelector('.typed span:nth-child(29)');
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

  it('backends: measured now, or why not', async () => {
    const page = await visit('backends');
    await page.waitForSelector('tr[data-backend=wasm-threads] .words:has-text("one thread")');
    for (const backend of ['cpu', 'wasm', 'wasm-relaxed'])
      expect(await page.textContent(`tr[data-backend=${backend}]`)).toMatch(/\d µs/);
    expect(await page.textContent('tr[data-backend=wasm]')).toMatch(/·10⁻[⁶⁷⁸]/);
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
    await page.context().close();
    problems.length = 0; // the browser tells of the script that did not come

    const full = await visit('notebook');
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
    await full.getByRole('button', { name: 'Go on' }).click();
    await full.waitForSelector('.training [role=status]:has-text("left on cpu")');
    await full.context().close();
    expect(problems).toEqual([]);
  });

  it('loads at most 300 KB of script, all sections on our own backends together', () => {
    const total = [...scripts.values()].reduce((a, b) => a + b, 0);
    expect(scripts.size).toBeGreaterThan(10);
    if (!whole) expect(total).toBeLessThanOrEqual(300_000);
    console.log(`${scripts.size} scripts, ${(total / 1000).toFixed(0)} KB gzip`);
  });
});

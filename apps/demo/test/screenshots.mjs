// `npm run screenshots`: every section in both themes, as docs/pictures/*.webp, from the page as it is built now.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumHere, openPage } from './open-page.mjs';

const out = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));

/** What each section waits for, and shows. @type {Record<string, (page: import('playwright-core').Page) => Promise<unknown>>} */
const sections = {
  notebook: (page) => page.waitForSelector('.verdicts .yes'),
  forecast: (page) => page.waitForSelector('#section-forecast .verdict .yes'),
  async attention(page) {
    await page.waitForSelector('.spoken:not(:empty)');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.waitForSelector('.training [role=status]:has-text("epoch 4")', { timeout: 120_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForSelector('.training [role=status]:has-text("Paused")');
  },
  async stream(page) {
    await page.fill('#typed', 'recurrent attention');
    await page.waitForSelector('.typed span:nth-child(20)');
  },
  backends: (page) => page.waitForSelector('tr[data-backend=wasm-threads] .far:not(:empty)'),
};

const executablePath = await chromiumHere();
if (executablePath === undefined) throw new Error('no Chromium was found: set CHROMIUM_PATH');
const { url, browser, close } = await openPage(executablePath);
mkdirSync(out, { recursive: true });
try {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const context = await browser.newContext({
      viewport: { width: 1180, height: 820 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    for (const [section, ready] of Object.entries(sections)) {
      const page = await context.newPage();
      await page.goto(url);
      await page.selectOption('#backend', 'wasm');
      await page.goto(`${url}#${section}`);
      await ready(page);
      await page.waitForTimeout(500);
      const png = await page.screenshot({ fullPage: section === 'attention' || section === 'notebook' });
      writeFileSync(`${out}${section}-${colorScheme}.webp`, await webp(page, png));
      console.log(`docs/pictures/${section}-${colorScheme}.webp`);
      await page.close();
    }
    await context.close();
  }
} finally {
  await close();
}

/** The browser itself makes the small files. @param {import('playwright-core').Page} page @param {Buffer} png */
async function webp(page, png) {
  const data = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.codePointAt(0) ?? 0);
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.86);
  }, png.toString('base64'));
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64');
}

/** Every module of core can be imported first and alone, although ops import each other in circles. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const modules = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('imported first and alone', () => {
  it('finds the modules', () => expect(modules.length).toBeGreaterThan(100));
  for (const file of modules) {
    it(file, async () => {
      vi.resetModules();
      await expect(import(/* @vite-ignore */ src + file)).resolves.toBeDefined();
    });
  }
});

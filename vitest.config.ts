import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

// Tests import packages by their published names and get the sources: no build is needed first.
const source = '@recurra/source';

// Each package, app and example with a test folder is a project of its own; `tools` tests the tools.
const dirs = ['packages', 'apps', 'examples'].flatMap((parent) =>
  readdirSync(root + parent).map((name) => `${parent}/${name}`),
);
const projects: TestProjectConfiguration[] = [...dirs, 'tools']
  .filter((dir) => existsSync(`${root}${dir}/test`))
  .map((dir) => ({
    extends: true,
    test: {
      name: dir.split('/').at(-1)!,
      root: root + dir,
      include: ['test/**/*.test.ts'],
    },
  }));

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    projects,
    environment: 'node',
    // All cores: one less, the default, is half of a small machine.
    maxWorkers: '100%',
  },
});

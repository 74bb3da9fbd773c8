import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

// Tests import packages by their published names and get the sources: no build is needed first.
const source = '@recurra/source';

// Each package, app and example with a test folder is a project of its own; `tools` tests the tools,
// and `browser` everything that runs in one.
const dirs = ['packages', 'apps', 'examples'].flatMap((parent) =>
  readdirSync(root + parent).map((name) => `${parent}/${name}`),
);
const projects: TestProjectConfiguration[] = [...dirs, 'tools', 'tools/browser']
  .filter((dir) => existsSync(`${root}${dir}/test`))
  .map((dir) => ({
    extends: true,
    test: {
      name: dir.split('/').at(-1)!,
      root: root + dir,
      include: ['test/**/*.test.ts'],
      // Files share what they import, which is most of a file's time; not where there is one engine for all that run.
      isolate: dir === 'packages/backend-tfjs' || dir === 'tools',
    },
  }));

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    projects,
    environment: 'node',
    // A busy machine is no failure: what hangs is found all the same.
    testTimeout: 60_000,
    // All cores: one less, the default, is half of a small machine.
    maxWorkers: '100%',
    // What a file is compiled to is kept from one run to the next, by its content.
    experimental: { fsModuleCache: true },
  },
});

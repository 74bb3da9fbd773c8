import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

// Tests import packages by their published names and get the sources: no build is needed first.
const source = '@recurra/source';

// What runs in Node is one project, whose files share what they import, and that is most of a file's time. Three are
// apart: `backend-tfjs`, as there is one engine for all that run; `tools`, the tests of the tools; and `browser`,
// everything that runs in one. One package alone is a path: npm test -- packages/cells
const apart = ['packages/backend-tfjs', 'tools', 'tools/browser'];
const shared = ['packages', 'apps', 'examples']
  .flatMap((parent) => readdirSync(root + parent).map((name) => `${parent}/${name}`))
  .filter((dir) => !apart.includes(dir) && existsSync(`${root}${dir}/test`));
const projects: TestProjectConfiguration[] = [
  {
    extends: true,
    test: { name: 'packages', include: shared.map((dir) => `${dir}/test/**/*.test.ts`), isolate: false },
  },
  ...apart.map((dir): TestProjectConfiguration => ({
    extends: true,
    test: {
      name: dir.split('/').at(-1)!,
      root: root + dir,
      include: ['test/**/*.test.ts'],
      isolate: dir !== 'tools/browser',
    },
  })),
];

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

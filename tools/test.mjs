// `npm test`: set up, then run every test once. Arguments go to vitest: npm test -- --project cells
import { spawnSync } from 'node:child_process';
import { setUp } from './set-up.mjs';
import { root } from './workspace.mjs';

if (!setUp()) process.exit(1);
const vitest = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(vitest.status ?? 1);

// Makes a bare clone ready: installs what pnpm-lock.yaml says, once, and says in plain words what went wrong.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { npm, pnpm } from './pnpm.mjs';
import { root, workspaces } from './workspace.mjs';

const stamp = `${root}node_modules/.recurra-install`;

/** The folders that hold a package.json: the root, every package, every app. */
const folders = ['', ...workspaces().map(({ dir }) => `${dir}/`)];

/** Changes whenever another install could come out differently. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...folders.map((folder) => `${folder}package.json`)])
    hash.update(`\n${file}\n`).update(readFileSync(root + file));
  return hash.digest('hex');
}

function isInstalled() {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint()) return false;
  return folders.every((folder) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}${folder}package.json`, 'utf8'));
    return (!dependencies && !devDependencies) || existsSync(`${root}${folder}node_modules`);
  });
}

/** Whether the npm registry answers at all; an answer that refuses the question counts. */
function registryAnswers() {
  const ping = npm(['ping', '--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=15000'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  return (
    ping.status === 0 ||
    !/\b(ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|[A-Z_]*TIMEOUT|ETIMEDOUT|E(NET|HOST)UNREACH)\b/.test(String(ping.stderr))
  );
}

/**
 * Installs the dependencies unless that has been done.
 * @returns {boolean} whether everything is there
 */
export function setUp() {
  if (isInstalled()) return true;
  console.log('Installing the dependencies that pnpm-lock.yaml lists (a few seconds, once).');
  const online = registryAnswers();
  // Offline, whatever earlier installs left in the caches may be enough: try that without waiting for the network.
  const offline = online ? [] : ['--offline'];
  const status = pnpm(['install', '--frozen-lockfile', '--reporter=append-only', ...offline], {
    stdio: online ? 'inherit' : 'ignore',
    env: online ? {} : { npm_config_offline: 'true' },
  });
  if (status === 0) {
    writeFileSync(stamp, fingerprint());
    return true;
  }
  console.error(
    online
      ? '\nInstalling failed; the lines above say why. If you changed a package.json, bring the lockfile up to date first:\n  node tools/pnpm.mjs install\n'
      : '\nThe npm registry cannot be reached, and the packages are not on this computer yet.\n' +
          'Check the network connection (and, behind a proxy, `npm config get proxy` and `npm config get registry`), then try again.\n',
  );
  return false;
}

// An empty project that depends on tarballs, installed by npm or by pnpm, and the list of what that brought along.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm, pnpm } from '../pnpm.mjs';

/** @typedef {'npm' | 'pnpm'} Installer */

/**
 * Makes the project and installs. Whatever asks for one of our packages, at any depth, gets its tarball: the registry
 * is never asked for what is not published yet.
 * @param {string} folder to be made
 * @param {Installer} installer
 * @param {Record<string, string>} dependencies name to version, of others
 * @param {readonly string[]} ours names
 * @param {Map<string, string>} tarballs all of ours
 * @returns {string | undefined} what went wrong
 */
export function install(folder, installer, dependencies, ours, tarballs) {
  mkdirSync(folder);
  const files = Object.fromEntries(
    [...tarballs].map(([name, tarball]) => [name, `file:${path.relative(folder, tarball).replaceAll('\\', '/')}`]),
  );
  const direct = Object.fromEntries(ours.map((name) => [name, String(files[name])]));
  const project = { private: true, type: 'module', dependencies: { ...direct, ...dependencies } };
  // npm wants to hear of a direct dependency by reference; pnpm has its overrides in a file of their own.
  const references = Object.fromEntries(
    Object.keys(files).map((name) => [name, name in direct ? `$${name}` : files[name]]),
  );
  const json = installer === 'npm' ? { ...project, overrides: references } : project;
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(json, null, 2)}\n`);
  const overrides = Object.entries(files).map(([name, file]) => `  '${name}': ${file}\n`);
  if (installer === 'pnpm')
    writeFileSync(path.join(folder, 'pnpm-workspace.yaml'), `overrides:\n${overrides.join('')}`);

  // Without packages of others the network is not needed, so it is not allowed.
  const alone = Object.keys(dependencies).length === 0;
  const network = alone ? '--offline' : '--prefer-offline';
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const quietly = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] };
  const status =
    installer === 'npm'
      ? npm(['install', '--no-audit', '--no-fund', '--loglevel=error', network], quietly).status
      : pnpm(['install', '--no-frozen-lockfile', '--reporter=silent', network], quietly);
  return status === 0 ? undefined : `${installer} install failed`;
}

/**
 * The package.json of every package under node_modules, at any depth, by name; links count as what they lead to.
 * @param {string} folder a project
 * @returns {Map<string, { dependencies?: Record<string, string> }>}
 */
export function installed(folder) {
  /** @type {Map<string, { dependencies?: Record<string, string> }>} */
  const found = new Map();
  /** @param {string} modules @param {string} scope */
  const walk = (modules, scope) => {
    for (const entry of readdirSync(modules, { withFileTypes: true })) {
      const inner = path.join(modules, entry.name);
      if (!entry.isDirectory()) continue;
      if (entry.name.startsWith('@') && scope === '') walk(inner, `${entry.name}/`);
      else if (entry.name === '.pnpm')
        for (const one of readdirSync(inner)) enter(path.join(inner, one, 'node_modules'));
      else if (!entry.name.startsWith('.')) {
        found.set(scope + entry.name, JSON.parse(readFileSync(path.join(inner, 'package.json'), 'utf8')));
        enter(path.join(inner, 'node_modules'));
      }
    }
  };
  /** @param {string} modules */
  const enter = (modules) => {
    if (existsSync(modules)) walk(modules, '');
  };
  enter(path.join(folder, 'node_modules'));
  return found;
}

/**
 * The names in node_modules that nobody asked for: neither ours, nor others that were named, nor what those depend on.
 * @param {string} folder
 * @param {readonly string[]} ours
 * @param {readonly string[]} others
 * @returns {{ missing: string[], extra: string[], count: number }}
 */
export function compareInstalled(folder, ours, others) {
  const found = installed(folder);
  const wanted = new Set(ours);
  const queue = [...others];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    queue.push(...Object.keys(found.get(name)?.dependencies ?? {}));
  }
  return {
    missing: [...wanted].filter((name) => !found.has(name)),
    extra: [...found.keys()].filter((name) => !wanted.has(name)),
    count: found.size,
  };
}

// What the tools share: what the workspace is made of, its packages and their files; and how a check reports.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Whether a module is the script that Node was asked to run; also when that was said by way of a symbolic link.
 * @param {string} url the module's import.meta.url
 */
export function isScript(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

/**
 * @typedef {object} PackageJson the part of it that the tools read
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, Record<string, string> | string>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [devDependencies]
 */

/**
 * @typedef {object} Workspace one package or app
 * @property {string} name its folder's name: 'core', 'demo'
 * @property {string} dir 'packages/core', with / on every system
 * @property {boolean} published
 * @property {PackageJson} json
 */

/**
 * Every package and app, by folder name.
 * @param {string} [from] the root of the repository
 * @returns {Workspace[]}
 */
export function workspaces(from = root) {
  return ['packages', 'apps']
    .filter((parent) => existsSync(`${from}${parent}`))
    .flatMap((parent) => readdirSync(`${from}${parent}`).map((name) => ({ name, dir: `${parent}/${name}` })))
    .filter(({ dir }) => existsSync(`${from}${dir}/package.json`))
    .map(({ name, dir }) => {
      /** @type {PackageJson} */
      const json = JSON.parse(readFileSync(`${from}${dir}/package.json`, 'utf8'));
      return { name, dir, published: !json.private, json };
    });
}

/**
 * The TypeScript files under a folder, as paths from the root with /, in a fixed order.
 * @param {string} dir 'packages/core/src'
 * @param {string} [from] the root of the repository
 * @returns {string[]}
 */
export function sourceFiles(dir, from = root) {
  if (!existsSync(from + dir)) return [];
  return readdirSync(from + dir, { recursive: true, encoding: 'utf8' })
    .map((file) => `${dir}/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.[cm]?tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.includes('/node_modules/'))
    .toSorted();
}

/**
 * Prints what a check found and ends the process accordingly.
 * @param {string} summary what was looked at, said when all is well
 * @param {string[]} problems one line each
 */
export function report(summary, problems) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) console.error(`\n${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
  else console.log(summary);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

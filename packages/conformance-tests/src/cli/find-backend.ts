/** From what was typed to the function that makes the backend. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArgumentError, BackendError, didYouMean } from '@recurra/core';
import type { BackendFactory } from '../run-case.js';

const op = 'recurra-conformance';

/**
 * @param specifier a path from `folder`, or a package that is installed there
 * @param name of the export
 * @throws ArgumentError when there is no such module or export; BackendError when the module itself fails
 */
export async function findBackend(
  specifier: string,
  name: string | undefined,
  folder: string,
): Promise<BackendFactory> {
  const url = urlOf(specifier, folder);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(url)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'its own error is the cause';
    throw new BackendError(op, `${specifier} cannot be loaded: ${reason}`, { url }, hint, 'BACKEND_FAILED', error);
  }
  const chosen = name ?? onlyMaker(specifier, module);
  const made = Object.hasOwn(module, chosen) ? module[chosen] : undefined;
  if (typeof made === 'function') return made as BackendFactory;
  const names = Object.keys(module).filter((key) => typeof module[key] === 'function');
  if (made === undefined)
    throw new ArgumentError(op, `${specifier} has no export '${chosen}'`, { names }, didYouMean(chosen, names));
  throw new ArgumentError(
    op,
    `the export '${chosen}' is no function`,
    { [chosen]: made },
    `export const ${chosen} = () => myBackend(): each case has a backend of its own`,
  );
}

/** The default export, or the only function there is. */
function onlyMaker(specifier: string, module: Readonly<Record<string, unknown>>): string {
  if (Object.hasOwn(module, 'default')) return 'default';
  const names = Object.keys(module).filter((key) => typeof module[key] === 'function');
  if (names.length === 1) return names[0]!;
  const hint = names.length === 0 ? 'export default () => myBackend()' : `--export ${names[0]}`;
  throw new ArgumentError(op, `${specifier} does not say which export makes the backend`, { names }, hint);
}

function urlOf(specifier: string, folder: string): string {
  const file = path.resolve(folder, specifier);
  if (existsSync(file)) return pathToFileURL(file).href;
  const isPath = specifier.startsWith('.') || path.isAbsolute(specifier);
  const found = isPath ? undefined : packageFile(specifier, folder);
  if (found !== undefined) return pathToFileURL(found).href;
  throw new ArgumentError(
    op,
    isPath ? `there is no file ${specifier}` : `no package ${specifier} is installed here`,
    { folder },
    isPath ? 'was it built? the path is taken from the current folder' : `npm install ${specifier}`,
  );
}

/** As Node finds it from the project's folder, not from where this program lies. */
function packageFile(specifier: string, folder: string): string | undefined {
  const here = createRequire(path.join(folder, 'index.js'));
  try {
    return here.resolve(specifier);
  } catch {
    // `require` does not see what a package exports for `import` alone.
    const [name, subpath] = splitName(specifier);
    for (const modules of here.resolve.paths(name) ?? []) {
      const home = path.join(modules, name);
      if (!existsSync(path.join(home, 'package.json'))) continue;
      const { exports } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { exports?: unknown };
      const entry = importOf(isRecord(exports) && '.' in exports ? exports[subpath] : exports);
      if (entry !== undefined) return path.join(home, entry);
    }
    return undefined;
  }
}

function splitName(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  return [name, `.${specifier.slice(name.length)}`];
}

/** The first condition that holds for `import` in Node, in the order in which the package has them. */
function importOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!['import', 'node', 'default', 'module-sync'].includes(condition)) continue;
    const found = importOf(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

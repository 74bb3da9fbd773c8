/**
 * Packages that only a comparison needs: fetched with npm the first time they are asked for, into a folder that git does
 * not see, at fixed versions. No install script runs: the binaries for the CPU are in the packages, the scripts would
 * fetch those for CUDA.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** From the root of the repository, where the command runs. */
export const folder = path.resolve('node_modules/.bench-peers');

const atMostMs = 5 * 60_000;

/** Where a file of an installed package is. */
export function installedFile(name: string, file: string): string {
  return path.join(folder, 'node_modules', name, file);
}

/**
 * Installs the package unless that version is there.
 *
 * @param runNpm for tests
 * @returns why it is not there after all, or undefined
 */
export async function install(
  name: string,
  version: string,
  say: (progress: string) => void,
  runNpm: (args: readonly string[], cwd: string) => Promise<unknown> = npm,
  into: string = folder,
): Promise<string | undefined> {
  if (installed(name, into) === version) return undefined;
  say(`fetching ${name} ${version} from npm, once`);
  mkdirSync(into, { recursive: true });
  const manifest = path.join(into, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  try {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `${name}@${version}`];
    await runNpm(args, into);
  } catch (error) {
    return `npm could not install ${name} ${version}: ${reason(error)}`;
  }
  return installed(name, into) === version ? undefined : `npm did not install ${name} ${version}`;
}

function installed(name: string, into: string): string | undefined {
  try {
    const text = readFileSync(path.join(into, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  // npm is a script on Windows, which only a shell starts.
  await promisify(execFile)('npm', [...args], { cwd, timeout: atMostMs, shell: process.platform === 'win32' });
}

/** npm's own words, without its codes and logs: one line. */
function reason(error: unknown): string {
  const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
  const lines = stderr.split('\n').filter((line) => /^npm (error|ERR!) [^A-Z]/.test(line));
  return (lines.at(0)?.replace(/^npm (error|ERR!) /, '') ?? message.split('\n')[0]!).replace(/^code /, '');
}

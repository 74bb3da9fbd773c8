// The example as Vite builds it for a browser: without a warning, out of the installed packages alone, in one file that
// needs nothing of Node and runs where there is little but the language.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createLogger } from 'vite';

// What a page would stumble over: names of Node's that nobody asked for first. To ask `globalThis.process` whether there is
// one, and then its getBuiltinModule, is what a package does that also runs in pages.
const builtins = new RegExp(
  `(?<!getBuiltinModule(?:\\?\\.)?\\()["'](?:node:[^"']*|${builtinModules.filter((name) => /^[a-z]/.test(name)).join('|')})["']`,
);

/**
 * Builds `example.js` of a project into `bundle/bundle.js`.
 * @param {string} folder the project
 * @param {boolean} strict also look for traces of Node in the code; what others wrote may ask where it runs
 * @returns {Promise<{ file: string, bytes: number, problems: string[] }>}
 */
export async function bundle(folder, strict) {
  /** @type {string[]} */
  const problems = [];
  const logger = createLogger('warn', { allowClearScreen: false });
  for (const level of /** @type {const} */ (['warn', 'warnOnce', 'error']))
    logger[level] = (message) => void problems.push(`Vite says: ${message}`);
  const outDir = path.join(folder, 'bundle');
  mkdirSync(outDir);
  const real = realpathSync(folder);
  const result = await build({
    root: folder,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    customLogger: logger,
    publicDir: false,
    build: {
      outDir,
      target: 'es2022',
      rolldownOptions: {
        input: path.join(folder, 'example.js'),
        output: { entryFileNames: 'bundle.js' },
        onwarn: ({ message }) => void problems.push(`the bundler says: ${message}`),
      },
      // TensorFlow.js alone is more than what Vite thinks large; sizes have a check of their own.
      chunkSizeWarningLimit: 2000,
    },
  });
  const outputs = Array.isArray(result)
    ? result.flatMap(({ output }) => output)
    : 'output' in result
      ? result.output
      : [];
  if (outputs.map(({ fileName }) => fileName).join() !== 'bundle.js')
    problems.push(`the bundle is not one file: ${outputs.map(({ fileName }) => fileName).join(', ')}`);
  for (const chunk of outputs) {
    if (chunk.type !== 'chunk') continue;
    const strangers = chunk.moduleIds.filter(
      (id) => path.isAbsolute(id) && !realpathSync(id.replace(/\?.*$/, '')).startsWith(real),
    );
    if (strangers.length > 0) problems.push(`the bundle holds what was not installed: ${strangers.join(', ')}`);
    if (chunk.imports.length > 0) problems.push(`the bundle still imports ${chunk.imports.join(', ')}`);
  }
  const file = path.join(outDir, 'bundle.js');
  const code = readFileSync(file, 'utf8');
  const traces = [/\brequire\s*\(/, /(?<![.\w$])process\b(?!\s*:)/, /\bBuffer\b/, /__vite-browser-external/, builtins];
  for (const trace of strict ? traces : []) {
    const found = trace.exec(code);
    if (found)
      problems.push(`the bundle has ${found[0]}: …${code.slice(Math.max(0, found.index - 60), found.index + 60)}…`);
  }
  return { file, bytes: code.length, problems };
}

const bare = `
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
const context = vm.createContext({ console, performance });
const module = new vm.SourceTextModule(readFileSync(process.argv[1], 'utf8'), { context });
await module.link((name) => { throw new Error('the bundle imports ' + name); });
await module.evaluate();
`;

/**
 * Runs a bundle in a realm that has JavaScript, a console and a clock: no process, no require, no window.
 * @param {string} file
 */
export function runBare(file) {
  const flags = ['--experimental-vm-modules', '--no-warnings', '--input-type=module', '--eval', bare];
  return spawnSync(process.execPath, [...flags, file], {
    encoding: 'utf8',
    cwd: path.dirname(fileURLToPath(import.meta.url)),
  });
}

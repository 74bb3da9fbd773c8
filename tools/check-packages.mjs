// What will be published: each tarball has what it must have and nothing that works only in this repository, and
// publint and attw find no fault in its entry points and types.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packed } from './pack.mjs';
import { report, root } from './workspace.mjs';

/**
 * The files of a tarball and their text. The format: 512-byte headers (name, size in octal), each followed by its
 * file, padded to 512.
 * @param {Buffer} tarball
 * @returns {Map<string, string>}
 */
function unpack(tarball) {
  const tar = gunzipSync(tarball);
  /** @type {Map<string, string>} */
  const files = new Map();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    /** @param {number} from @param {number} length */
    const field = (from, length) => tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(field(124, 12), 8);
    const prefix = field(345, 155);
    const name = (prefix ? `${prefix}/` : '') + field(0, 100);
    files.set(name.replace(/^package\//, ''), tar.toString('utf8', at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** @param {string} name @param {string} tarball @returns {Promise<string[]>} */
async function problemsOf(name, tarball) {
  const bytes = readFileSync(tarball);
  /** @type {string[]} */
  const problems = [];

  const files = unpack(bytes);
  for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts'])
    if (!files.has(file)) problems.push(`${name}: ${file} is missing`);
  const json = files.get('package.json') ?? '';
  for (const protocol of ['workspace:', 'catalog:', 'file:', 'link:'])
    if (json.includes(`"${protocol}`)) problems.push(`${name}: package.json keeps ${protocol}, which only works here`);

  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  for (const message of messages)
    problems.push(`${name}: publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);

  // attw asks for the types of every entry point; a compiled module has none, but has to be one.
  const modules = Object.entries(JSON.parse(json || '{}').exports ?? {}).filter(([entry]) => entry.endsWith('.wasm'));
  for (const [entry, target] of modules)
    if (!files.get(path.posix.normalize(String(target)))?.startsWith('\0asm'))
      problems.push(`${name}: ${entry} is no WebAssembly`);
  const without = modules.length > 0 ? ['--exclude-entrypoints', ...modules.map(([entry]) => entry)] : [];
  const attw = spawnSync(
    process.execPath,
    [`${root}node_modules/@arethetypeswrong/cli/dist/index.js`, tarball, '--profile', 'esm-only', ...without],
    {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    },
  );
  if (attw.status !== 0) problems.push(`${name}: attw:\n${attw.stdout}${attw.stderr}`);
  return problems;
}

await packed(async (tarballs) => {
  const problems = [];
  for (const [name, tarball] of tarballs) problems.push(...(await problemsOf(name, tarball)));
  report(`${tarballs.size} packages are ready to publish`, problems);
});

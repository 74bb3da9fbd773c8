// assembly/ → src/generated/kernels.ts, which carries both builds, compressed together, as base64 and their functions as a
// type, and is committed: neither tests nor users need the compiler, and the package's .wasm files are made from it.
// `--check` writes nothing, and says whether the committed file holds what these sources make.
import { main } from 'assemblyscript/asc';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const check = process.argv.includes('--check');
const flags = ['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--importMemory', '--enable', 'simd'];
const variants = { simd: flags, relaxed: [...flags, '--enable', 'relaxed-simd'] };

/** @param {string[]} args @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function compile(args) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await main(['assembly/index.ts', ...args, '--baseDir', here, '-o', 'kernels.wasm'], {
    readFile: (name, base) => {
      const path = `${base}/${name}`;
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = /** @type {Uint8Array} */ (contents);
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${error?.message ?? 'nothing was written'}\n${stderr.toString()}`);
  return Uint8Array.from(binary);
}

/**
 * The exported functions with the number of their parameters, from the binary's own sections. (Instances know it too,
 * but an engine without relaxed SIMD has none.)
 * @param {Uint8Array} bytes
 */
function signatures(bytes) {
  let at = 8;
  const leb = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = /** @type {number} */ (bytes[at++]);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = leb();
    at += length;
    return Buffer.from(bytes.subarray(at - length, at)).toString();
  };
  /** @type {{ params: number, results: number }[]} */
  const types = [];
  /** @type {number[]} */
  const functions = [];
  /** @type {Map<string, { params: number, results: number }>} */
  const found = new Map();
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = leb();
    const end = at + size;
    if (id === 1) {
      for (let n = leb(); n > 0; n--) {
        at++;
        const params = leb();
        at += params;
        const results = leb();
        at += results;
        types.push({ params, results });
      }
    } else if (id === 2) {
      // Imported functions come first; the memory has two numbers more.
      for (let n = leb(); n > 0; n--) {
        text();
        text();
        if (bytes[at++] === 0) functions.push(leb());
        else if (leb() === 0) leb();
        else throw new Error('an import that is neither a function nor a memory without a maximum');
      }
    } else if (id === 3) for (let n = leb(); n > 0; n--) functions.push(leb());
    else if (id === 7) {
      for (let n = leb(); n > 0; n--) {
        const name = text();
        const kind = bytes[at++];
        const index = leb();
        const type = types[functions[index] ?? -1];
        if (kind === 0 && type) found.set(name, type);
      }
    }
    at = end;
  }
  return found;
}

/** @type {Record<string, Uint8Array<ArrayBuffer>>} */
const binaries = {};
for (const [name, args] of Object.entries(variants)) binaries[name] = await compile(args);

let out = '// Made from assembly/ by build-kernels.mjs; do not edit.\n\n';
out += '/** What the module exports; every argument is a number: a byte offset, a size or a value. */\n';
out += 'export interface WasmKernels {\n';
for (const [name, { params, results }] of [...signatures(/** @type {never} */ (binaries.simd))].sort()) {
  const list = Array.from({ length: params }, (_, i) => `p${i}: number`).join(', ');
  out += `  ${name}(${list}): ${results === 0 ? 'void' : 'number'};\n`;
}
out += '}\n';
out += '\n/** Bytes of each build, in the order in which they lie in `packed`. */\n';
out += `export const sizes = { ${Object.entries(binaries)
  .map(([name, { length }]) => `${name}: ${length}`)
  .join(', ')} };\n`;
const plain = Buffer.concat(Object.values(binaries));
/** @param {string} base64 */
const end = (base64) =>
  `\n/** Both builds, one after the other: DEFLATE, as base64. */\nexport const packed =\n  '${base64}';\n`;

/** Compressors differ from one Node to the next, so it is what they hold that must be the same. @param {string} text */
function isSame(text) {
  const base64 = /export const packed =\n {2}'([^']*)'/.exec(text)?.[1] ?? '';
  return text === out + end(base64) && inflateRawSync(Buffer.from(base64, 'base64')).equals(plain);
}

const target = `${here}src/generated/kernels.ts`;
if (check) {
  const same = existsSync(target) && isSame(readFileSync(target, 'utf8'));
  console.log(same ? 'src/generated/kernels.ts is up to date' : 'src/generated/kernels.ts is not what assembly/ makes');
  if (!same) console.log('hint: node packages/backend-wasm/build-kernels.mjs');
  process.exitCode = same ? 0 : 1;
} else {
  mkdirSync(`${here}src/generated`, { recursive: true });
  writeFileSync(target, out + end(deflateRawSync(plain, { level: 9 }).toString('base64')));
  for (const [name, { length }] of Object.entries(binaries)) console.log(`${name}.wasm: ${length} bytes`);
}

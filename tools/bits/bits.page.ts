/** A browser gives the bits that Node does: every computation against the checksums that are kept. */
import { expectEqual, it } from '../browser/page.js';
import { cpuLines, wasmLines } from './checksums.js';
import kept from './checksums.txt';

for (const [name, lines, isTheirs] of [
  ['cpu', cpuLines, (id: string) => !id.startsWith('wasm/')],
  ['wasm', wasmLines, (id: string) => id.startsWith('wasm/')],
] as const)
  it(`${name} gives the bits of Node`, async () => {
    const expected = new Set(kept.split('\n').filter((line) => line !== '' && isTheirs(line)));
    const others: string[] = [];
    for await (const line of lines()) if (!expected.delete(line)) others.push(line);
    // What differs is in both: an id with the checksum of here, and with the one that is kept.
    expectEqual([others, [...expected]], [[], []]);
  });

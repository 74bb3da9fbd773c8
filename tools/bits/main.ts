/** Prints the checksum of every computation, one a line; needs no loader, so that any Node can run the bundle. */
import { cpuLines, wasmLines } from './checksums.js';

for (const lines of [cpuLines, wasmLines]) for await (const line of lines()) console.log(line);

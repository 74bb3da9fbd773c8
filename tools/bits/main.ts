/** Prints the checksum of every computation, one a line; needs no loader, so that any Node can run the bundle. */
import { useBackend } from '@recurra/core';
import { cpu } from '@recurra/backend-cpu';
import { cases } from './cases.js';
import { checksum, read } from './numbers.js';

for (const fused of [true, false]) {
  await useBackend(cpu({ fused }));
  for (const [name, compute] of Object.entries(cases)) {
    const host = name.startsWith('random/');
    if (host && !fused) continue;
    console.log(`${host ? '' : fused ? 'fused/' : 'composed/'}${name} ${checksum(await read(compute()))}`);
  }
}

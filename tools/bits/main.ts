/** Prints the checksum of every computation, one a line; needs no loader, so that any Node can run the bundle. */
import { useBackend } from '@recurra/core';
import { cpu, gradients } from '@recurra/backend-cpu';
import { cases } from './cases.js';
import { checksum, read } from './numbers.js';

for (const fused of [true, false]) {
  await useBackend(cpu({ fused }));
  for (const [name, compute] of Object.entries(cases)) {
    const host = name.startsWith('random/');
    if ((host && !fused) || name.startsWith('bptt/')) continue;
    console.log(`${host ? '' : fused ? 'fused/' : 'composed/'}${name} ${checksum(await read(await compute()))}`);
  }
}

await useBackend(cpu({ gradients }));
for (const [name, compute] of Object.entries(cases)) {
  if (name.startsWith('bptt/')) console.log(`${name} ${checksum(await read(await compute()))}`);
}

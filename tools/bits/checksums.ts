/** The checksum of every computation on each backend that promises its bits, as lines of an id and a checksum. */
import { useBackend, type Backend } from '@recurra/core';
import { cpu, gradients } from '@recurra/backend-cpu';
import { wasm } from '@recurra/backend-wasm';
import { cases } from './cases.js';
import { checksum, read } from './numbers.js';

/** Those computations for which `idOf` has an id. */
async function* linesOn(
  backend: Backend | Promise<Backend>,
  idOf: (name: string) => string | undefined,
): AsyncGenerator<string> {
  await useBackend(backend);
  for (const [name, compute] of Object.entries(cases)) {
    const id = idOf(name);
    if (id !== undefined) yield `${id} ${checksum(await read(await compute()))}`;
  }
}

// Random numbers are made on the host; gradients through time have kernels of their own.
const isHost = (name: string): boolean => name.startsWith('random/');
const isGradient = (name: string): boolean => name.startsWith('bptt/');
const below =
  (prefix: string) =>
  (name: string): string | undefined =>
    isHost(name) || isGradient(name) ? undefined : prefix + name;

export async function* cpuLines(): AsyncGenerator<string> {
  yield* linesOn(cpu(), (name) => (isHost(name) ? name : below('fused/')(name)));
  yield* linesOn(cpu({ fused: false }), below('composed/'));
  yield* linesOn(cpu({ gradients }), (name) => (isGradient(name) ? name : undefined));
}

export async function* wasmLines(): AsyncGenerator<string> {
  yield* linesOn(wasm(), below('wasm/'));
}

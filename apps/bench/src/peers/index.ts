/** Who is measured. Outputs are compared with those of the first. */
import type { Peer } from '../peer.js';
import { onnxruntimeNode } from './onnxruntime-node.js';
import { onnxruntimeWeb } from './onnxruntime-web.js';
import { recurraCpu } from './recurra-cpu.js';
import { recurraWasmRelaxed } from './recurra-wasm-relaxed.js';
import { recurraWasmTwoThreads } from './recurra-wasm-two-threads.js';
import { recurraWasm } from './recurra-wasm.js';
import { tfjsCpu } from './tfjs-cpu.js';
import { tfjsWasm } from './tfjs-wasm.js';

export const peers: readonly [ours: Peer, ...others: Peer[]] = [
  recurraWasm,
  recurraWasmRelaxed,
  recurraWasmTwoThreads,
  recurraCpu,
  onnxruntimeWeb,
  onnxruntimeNode,
  tfjsWasm,
  tfjsCpu,
];

export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (!found) throw new Error(`no peer is called ${name}; there are ${peers.map((peer) => peer.name).join(', ')}`);
  return found;
}

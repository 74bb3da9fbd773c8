/** Who is measured. The first is ours; the ratios are of the others' times to its time. */
import type { Peer } from '../peer.js';
import { recurra } from './recurra.js';
import { tfjs } from './tfjs.js';

export const peers: readonly [ours: Peer, ...others: Peer[]] = [recurra, tfjs];

export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (!found) throw new Error(`no peer is called ${name}; there are ${peers.map((peer) => peer.name).join(', ')}`);
  return found;
}

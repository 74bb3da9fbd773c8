/** Download size: the gzip bytes of what a page needs for an LSTM. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.js';
import type { Program } from './footprint.js';

export interface Size {
  readonly peer: string;
  readonly gzipBytes: number;
}

/** None for a program that no page downloads. */
export async function sizeOf({ peer, program, download }: Program): Promise<Size[]> {
  if (!download) return [];
  const parts: Uint8Array[] = download.files().map((file) => readFileSync(file));
  if (download.bundled) parts.push(await bundle(program, 'browser'));
  return [{ peer, gzipBytes: parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0) }];
}

/** The programs of src/programs: whose they are, and what each needs beside its code. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedFile } from './install.js';

export interface Program {
  readonly peer: string;
  /** Its file in src/programs. */
  readonly program: string;
  /** Its argument. */
  readonly argument?: () => string;
  /** What a page downloads: the program's bundle, unless the library is published as files of its own; and these files. */
  readonly download?: { readonly bundled: boolean; readonly files: () => readonly string[] };
}

const resolved = (file: string): string => createRequire(import.meta.url).resolve(file);
const tfjsWasm = (): string => resolved('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
const web = (file: string): string => installedFile('onnxruntime-web', `dist/${file}`);
const none = (): readonly string[] => [];

export const programs: readonly [ours: Program, ...others: Program[]] = [
  { peer: 'recurra wasm', program: 'recurra-wasm', download: { bundled: true, files: none } },
  { peer: 'recurra cpu', program: 'recurra-cpu', download: { bundled: true, files: none } },
  {
    peer: 'onnxruntime-web',
    program: 'onnxruntime',
    argument: () => pathToFileURL(web('ort.wasm.min.mjs')).href,
    download: {
      bundled: false,
      files: () => ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map(web),
    },
  },
  {
    peer: 'onnxruntime-node',
    program: 'onnxruntime',
    argument: () => pathToFileURL(installedFile('onnxruntime-node', 'dist/index.js')).href,
  },
  {
    peer: 'tfjs wasm',
    program: 'tfjs-wasm',
    argument: () => `${path.dirname(tfjsWasm())}${path.sep}`,
    download: { bundled: true, files: () => [tfjsWasm()] },
  },
  { peer: 'tfjs cpu', program: 'tfjs-cpu', download: { bundled: true, files: none } },
];

/** The version that is installed. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export function tfjsVersion(): string {
  const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return `TensorFlow.js ${version}`;
}

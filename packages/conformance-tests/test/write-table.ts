/** Writes docs/conformance.md. */
import { writeFileSync } from 'node:fs';
import { table } from './table.js';

writeFileSync('docs/conformance.md', table());

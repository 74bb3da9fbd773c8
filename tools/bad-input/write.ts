/** Writes the tables of docs/bad-input.md from the rows: npm run bad-input. */
import { readFileSync, writeFileSync } from 'node:fs';
import { catalogues } from './catalogues.js';
import { between, tables } from './page.js';

const path = 'docs/bad-input.md';
writeFileSync(path, between(readFileSync(path, 'utf8'), tables(catalogues)));

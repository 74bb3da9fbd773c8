/** Measures the table of the root README and writes it there: `npm run readme`. */
import { cpu } from '@recurra/backend-cpu';
import { tfjs } from '@recurra/backend-tfjs';
import { useBackend } from '@recurra/core';
import { enableProdMode } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync, writeFileSync } from 'node:fs';
import { difference } from './screen.js';
import { measure } from './questions.js';

enableProdMode(); // no advertisement of its own between our lines
const backends = [await useBackend(cpu()), await tfjs({ engine: 'cpu' })];
const rows = await measure(backends);
if (!rows.every(({ answers }) => answers.every(({ equal }) => equal)))
  throw new Error('an answer is no: see npm start');

const lines = [
  `| | ${backends.map((b) => b.name).join(' | ')} |`,
  `|---|${backends.map(() => '---').join('|')}|`,
  ...rows.map(({ name, answers }) => `| ${name} | ${answers.map(({ far }) => difference(far)).join(' | ')} |`),
];
const readme = readFileSync('README.md', 'utf8');
writeFileSync(
  'README.md',
  readme.replace(/(<!-- verdicts -->\n)[\s\S]*(<!-- \/verdicts -->)/, `$1\n${lines.join('\n')}\n\n$2`),
);

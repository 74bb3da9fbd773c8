/** `npm start`: the notebook, the table, the forecast. Every number on the screen is computed in this run. */
import { cpu } from '@recurra/backend-cpu';
import { tfjs } from '@recurra/backend-tfjs';
import { useBackend } from '@recurra/core';
import { enableProdMode } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { notebook } from './notebook.js';
import { forecast } from './sunspots.js';
import { verdicts } from './verdicts.js';

enableProdMode(); // no advertisement of its own between our lines
const own = await useBackend(cpu());
const answers = [await notebook(), await verdicts([own, await tfjs({ engine: 'cpu' })]), await forecast()];
console.log('\nCopy from examples/, start with packages/cells, or read ARCHITECTURE.md.\n');
process.exitCode = answers.every(Boolean) ? 0 : 1;

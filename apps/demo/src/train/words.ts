/** Writes the words that the page can be trained on, data/words.txt: `node tools/run.mjs apps/demo/src/train/words.ts`. */
import { writeFileSync } from 'node:fs';
import { heldOut, words } from './dictionary.js';

const chosen = (await words()).slice(0, heldOut + 4000);
const notice = `# ${chosen.length} words of the CMU Pronouncing Dictionary, Copyright (C) 1993-2015 Carnegie Mellon University.
# Redistribution and use, with or without modification, are permitted provided that this notice is kept; it comes "as is".
# The first ${heldOut} are held out of every training.
`;
writeFileSync(
  'apps/demo/data/words.txt',
  `${notice}${chosen.map(({ word, phonemes }) => `${word} ${phonemes.join(' ')}`).join('\n')}\n`,
);

/** The notebook's question for every cell and attention, on every backend, as a table in the terminal. */
import type { Backend } from '@recurra/core';
import { measure } from './questions.js';
import { difference, heading, table, verdict } from './screen.js';

/** Prints a row for each question and a column for each backend; gives whether all answers are yes. */
export async function verdicts(backends: readonly Backend[]): Promise<boolean> {
  heading(
    'The same question of every cell and attention, on every backend (with the largest difference, measured now)',
  );
  const rows = await measure(backends);
  table(
    ['', ...backends.map((b) => b.name)],
    rows.map(({ name, answers }) => [
      name,
      ...answers.map(({ equal, far }) => `${verdict(equal)}  ${difference(far)}`),
    ]),
  );
  return rows.every(({ answers }) => answers.every(({ equal }) => equal));
}

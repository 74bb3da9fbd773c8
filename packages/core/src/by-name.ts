/** Looking up what Keras knows by a name, in camelCase or as Keras spells it. */
import { ArgumentError, type Facts } from './errors.js';
import { didYouMean } from './suggest.js';

/**
 * The entry of a table by its name: 'hardSigmoid' or 'hard_sigmoid'.
 *
 * @param what what the entries are called, for the error
 * @param facts what was given, for the error
 * @throws ArgumentError, code UNKNOWN_NAME, for a name that is none
 */
export function byName<T>(
  op: string,
  what: string,
  name: unknown,
  table: Readonly<Record<string, T>>,
  facts: Facts,
): T {
  const camel = typeof name === 'string' ? name.replace(/_[a-z]/g, (at) => at[1]!.toUpperCase()) : '';
  if (Object.hasOwn(table, camel)) return table[camel]!;
  throw new ArgumentError(op, `there is no such ${what}`, facts, didYouMean(camel, Object.keys(table)), 'UNKNOWN_NAME');
}

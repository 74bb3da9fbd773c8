/** The tables inside docs/benchmarks.md: what stands between the markers is made by `npm run bench -- --docs`. */

const begin = '<!-- benchmarks -->';
const end = '<!-- /benchmarks -->';

/**
 * The page with new tables.
 *
 * @throws Error when the markers are not there, once each and in this order
 */
export function replaceTables(page: string, tables: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from || page.lastIndexOf(begin) !== from || page.lastIndexOf(end) !== to)
    throw new Error(`the page needs ${begin} and ${end}, once each and in this order`);
  return `${page.slice(0, from + begin.length)}\n\n${tables}\n\n${page.slice(to)}`;
}

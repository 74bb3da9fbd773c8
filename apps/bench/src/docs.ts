/** Pages that are partly written by `npm run bench -- --docs`: what stands between two markers. */

/**
 * The page with new content between `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error when the markers are not there, once each and in this order
 */
export function replaceBetween(page: string, name: string, content: string): string {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from || page.lastIndexOf(begin) !== from || page.lastIndexOf(end) !== to)
    throw new Error(`the page needs ${begin} and ${end}, once each and in this order`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

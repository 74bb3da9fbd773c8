// The first program of a README, and what the page says it prints.

/** @typedef {{ code: string, output: string }} Example */

/**
 * The first ```js block. Its output is the ```text block (or the block without a language) right below it; without
 * one, the comments behind its last lines that print: `console.log(x); // 1 2`.
 * @param {string} markdown
 * @returns {Example | undefined}
 */
export function firstExample(markdown) {
  const [, code, rest = ''] = /^```js\s*\n(.*?)^```\s*$(.*)/ms.exec(markdown.replaceAll('\r\n', '\n')) ?? [];
  if (code === undefined) return undefined;
  const [, below] = /^\s*```(?:text)?\n(.*?)^```\s*$/ms.exec(rest.match(/^\s*```[\s\S]*/)?.[0] ?? '') ?? [];
  const beside = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, printed]) => printed);
  const output = below ?? beside.join('\n');
  return output === '' ? undefined : { code, output: trimmed(output) };
}

/** Lines without the blanks around them: what printing and pages differ in. @param {string} text */
export function trimmed(text) {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join('\n');
}

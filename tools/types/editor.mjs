// The page editor.md, compared with what TypeScript says: hovers and errors, which are to be short and in our words.
import ts from 'typescript';
import { service } from './diagnose.mjs';

/**
 * The page with its text blocks as TypeScript would fill them, and what nobody should have to read.
 * @param {string} folder a project in which the packages are installed
 * @param {string} markdown
 * @param {import('typescript').CompilerOptions} options
 * @returns {{ page: string, problems: string[], count: number }}
 */
export function filled(folder, markdown, options) {
  const [, preamble = '', rest = ''] = /^([\s\S]*?\n```ts\n[\s\S]*?```\n)([\s\S]*)$/.exec(markdown) ?? [];
  const beginning = /```ts\n([\s\S]*?)```/.exec(preamble)?.[1] ?? '';
  /** @type {string[]} */
  const programs = [...rest.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => String(code));
  const files = new Map(programs.map((code, n) => [`${folder}/program-${n}.ts`, beginning + code]));
  const editor = service(folder, [], options, files);
  /** @type {string[]} */
  const problems = [];
  let n = 0;
  const page = rest.replaceAll(
    /```ts\n([\s\S]*?)```\n(?:\n```text\n[\s\S]*?```\n)?/g,
    (_, /** @type {string} */ code) => {
      const file = `${folder}/program-${n++}.ts`;
      const shown = code.includes('^?') ? hover(editor, file, beginning, code) : errors(editor, file);
      for (const problem of unreadable(shown)) problems.push(`${problem}:\n${code}${shown}`);
      return `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`text\n${shown}\n\`\`\`\n`;
    },
  );
  return { page: preamble + page, problems, count: n };
}

/**
 * @param {import('typescript').LanguageService} editor
 * @param {string} file @param {string} beginning @param {string} code
 */
function hover(editor, file, beginning, code) {
  const lines = code.split('\n');
  const at = lines.findIndex((line) => line.includes('^?'));
  const column = String(lines[at]).indexOf('^?');
  const start = beginning.length + lines.slice(0, at - 1).join('\n').length + (at > 1 ? 1 : 0);
  const info = editor.getQuickInfoAtPosition(file, start + column);
  if (info === undefined) return 'nothing';
  const type = ts
    .displayPartsToString(info.displayParts)
    .replace(/\nimport \w+$/, '')
    .replace(/^\(alias\) /, '');
  const [about = ''] = ts.displayPartsToString(info.documentation).split('\n\n');
  return about === '' ? type : `${type}\n\n${about}`;
}

/** @param {import('typescript').LanguageService} editor @param {string} file */
function errors(editor, file) {
  const all = [...editor.getSyntacticDiagnostics(file), ...editor.getSemanticDiagnostics(file)];
  if (all.length === 0) return 'no error';
  return all.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n');
}

/** What makes a text hard to read. @param {string} shown */
function unreadable(shown) {
  const problems = [];
  if (shown.length > 650) problems.push(`this is ${shown.length} characters long, 650 are enough`);
  if (/\.\.\. \d+ more|\{ \.\.\.; \}|<\.\.\.>/.test(shown)) problems.push('TypeScript had to shorten this');
  if (/\$\d/.test(shown)) problems.push('a name was changed by the bundler of the declarations');
  if (shown === 'no error' || shown === 'nothing') problems.push('TypeScript says nothing');
  return problems;
}

// The same bits on every machine: engines round exp, tanh, pow and their like differently, so the packages that
// compute may use only the operations that IEEE 754 or the language fixes to the last bit.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { isScript, report, root, sourceFiles } from './workspace.mjs';

const computing = ['core', 'cells', 'attention', 'train', 'seq2seq', 'backend-cpu'];

const exact = new Set([
  'abs',
  'floor',
  'ceil',
  'trunc',
  'round',
  'sign',
  'min',
  'max',
  'sqrt',
  'fround',
  'imul',
  'clz32',
]);
const constants = new Set(['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT1_2', 'SQRT2']);

/**
 * The uses of `**` and of Math that may differ between engines, one line each.
 * @param {string} file
 * @param {string} text
 * @returns {string[]}
 */
export function inexactMath(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const problems = [];
  /** @param {ts.Node} node @param {string} what */
  const add = (node, what) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    problems.push(`${file}:${line + 1}: ${what} may round differently from engine to engine`);
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.AsteriskAsteriskToken) add(node, '**');
    else if (node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) add(node, '**=');
    else if (ts.isIdentifier(node) && node.text === 'Math') {
      const { parent } = node;
      const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : undefined;
      // Math[name], const { exp } = Math, globalThis.Math: what is used cannot be seen here.
      if (member === undefined) add(node, 'Math other than as Math.name');
      else if (!exact.has(member) && !constants.has(member)) add(node, `Math.${member}`);
    }
    // Number.prototype and toFixed are exact; a global object by any of its names hides Math behind a computed one.
    else if (isComputedMath(node)) add(node, 'Math other than as Math.name');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

/**
 * `globalThis['Math']`, `{ 'Math': m } = globalThis`: the name as a string in the place of a property.
 * @param {ts.Node} node
 */
function isComputedMath(node) {
  if (!ts.isStringLiteralLike(node) || node.text !== 'Math') return false;
  const { parent } = node;
  return (
    ts.isElementAccessExpression(parent) ||
    ts.isBindingElement(parent) ||
    ts.isComputedPropertyName(parent) ||
    ts.isPropertyAssignment(parent)
  );
}

if (isScript(import.meta.url)) {
  const files = computing.flatMap((name) => sourceFiles(`packages/${name}/src`));
  const problems = files.flatMap((file) => inexactMath(file, readFileSync(root + file, 'utf8')));
  if (files.length === 0) problems.push('no source was found: the check looked at nothing');
  report(`${files.length} files of ${computing.join(', ')} compute with exact operations only`, problems);
}

// Which package may know which: reads every real import and every package.json, and lists what tools/arrows.json,
// the picture of the architecture, does not allow; and imports that run in a circle inside one package. Circles are
// allowed in the folders that arrows.json names: the gradient of sum broadcasts, and that of broadcasting sums.
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { isScript, report, root, sourceFiles, workspaces } from './workspace.mjs';

/** @typedef {Record<'src and tests' | 'tests only', Record<string, string[]>> & { circles: string[], 'tools for tests': string[] }} Arrows */
/** @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import */

const scope = '@recurra/';
const builtins = new Set(builtinModules);

// The adapter for node:test is the one published file that only Node can load.
const nodeOnly = [
  'packages/conformance-tests/src/node.ts',
  'packages/conformance-tests/src/cli/',
  'packages/train/src/node/',
];

/**
 * Every module that a file names: import, export … from, import(…), and import('…') as a type.
 * @param {string} file for error places
 * @param {string} text
 * @returns {Import[]}
 */
export function importsOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Import[]} */
  const found = [];
  /** @param {ts.Node | undefined} specifier @param {boolean} typeOnly */
  const add = (specifier, typeOnly) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const { line } = source.getLineAndCharacterOfPosition(specifier.getStart(source));
    found.push({ specifier: specifier.text, line: line + 1, typeOnly });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * One circle of files, or undefined. Type-only imports are gone when the code runs, so they close no circle.
 * @param {Map<string, string[]>} graph file to the files it imports
 * @returns {string[] | undefined} the circle, its first file repeated at the end
 */
export function findCircle(graph) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const trail = [];
  /** @param {string} file @returns {string[] | undefined} */
  const walk = (file) => {
    const seen = trail.indexOf(file);
    if (seen >= 0) return [...trail.slice(seen), file];
    if (done.has(file)) return undefined;
    trail.push(file);
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next);
      if (circle) return circle;
    }
    trail.pop();
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = walk(file);
    if (circle) return circle;
  }
  return undefined;
}

/**
 * Everything in a repository that its picture does not allow, one line each.
 * @param {string} from the root of the repository, with a / at the end
 * @param {Arrows} arrows
 */
export function findProblems(from, arrows) {
  const all = workspaces(from);
  const byName = new Map(all.map((workspace) => [workspace.json.name, workspace]));
  const testDependencies = JSON.parse(readFileSync(`${from}package.json`, 'utf8')).devDependencies ?? {};
  /** @param {string} file @param {string} target */
  const mayCircle = (file, target) =>
    arrows.circles.some((folder) => file.startsWith(folder) && target.startsWith(folder));
  /** @type {string[]} */
  const problems = [];
  let imports = 0;

  for (const { name, dir, json } of all) {
    const allowed = arrows['src and tests'][name];
    if (!allowed) {
      problems.push(`${dir}: the picture in tools/arrows.json has no ${name}`);
      continue;
    }
    const allowedInTests = [...allowed, ...(arrows['tests only'][name] ?? [])];

    // What package.json asks for. Development dependencies serve the tests as well.
    for (const [kind, targets] of /** @type {const} */ ([
      ['dependencies', allowed],
      ['peerDependencies', allowed],
      ['devDependencies', allowedInTests],
    ]))
      for (const dependency of Object.keys(json[kind] ?? {}))
        if (dependency.startsWith(scope) && !targets.includes(dependency.slice(scope.length)))
          problems.push(
            `${dir}/package.json: ${kind} has ${dependency}, and there is no arrow ${name} → ${dependency.slice(scope.length)}`,
          );

    /** @type {Map<string, string[]>} */
    const graph = new Map();
    for (const part of /** @type {const} */ (['src', 'test'])) {
      const inTests = part === 'test';
      const declared = {
        ...json.dependencies,
        ...json.peerDependencies,
        ...(inTests ? { ...json.devDependencies, ...testDependencies } : {}),
      };
      const files = sourceFiles(`${dir}/${part}`, from);
      for (const file of files) {
        /** @type {string[]} */
        const neighbours = [];
        graph.set(file, neighbours);
        for (const { specifier, line, typeOnly } of importsOf(file, readFileSync(from + file, 'utf8'))) {
          imports++;
          const at = `${file}:${line}: imports ${specifier}`;
          if (specifier.startsWith('.')) {
            const target = path.posix.join(path.posix.dirname(file), specifier);
            if (inTests && arrows['tools for tests'].includes(target)) continue;
            if (!target.startsWith(`${dir}/`)) problems.push(`${at}, a file outside its own package`);
            else if (!inTests && dir.startsWith('packages/') && !target.startsWith(`${dir}/src/`))
              problems.push(`${at}, a file outside src`);
            else if (!typeOnly && !mayCircle(file, target)) neighbours.push(target.replace(/\.js$/, '.ts'));
            continue;
          }
          if (specifier.startsWith('node:') || builtins.has(specifier)) {
            const published = !inTests && dir.startsWith('packages/');
            if (published && !nodeOnly.some((start) => file.startsWith(start)))
              problems.push(`${at}, which only Node has`);
            continue;
          }
          const [, packageName = specifier, rest = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier) ?? [];
          const target = byName.get(packageName);
          if (packageName.startsWith(scope) && packageName !== json.name) {
            const short = packageName.slice(scope.length);
            if (!(inTests ? allowedInTests : allowed).includes(short))
              problems.push(`${at}, and there is no arrow ${name} → ${short}${inTests ? ' for tests' : ''}`);
          }
          if (target && !Object.hasOwn(target.json.exports ?? {}, `.${rest}`))
            problems.push(`${at}, which is not a public entry of ${packageName}`);
          if (packageName !== json.name && !Object.hasOwn(declared, packageName))
            problems.push(`${at}, which ${dir}/package.json does not ask for`);
        }
      }
    }
    const circle = findCircle(graph);
    if (circle) problems.push(`${dir}: imports run in a circle\n    ${circle.join('\n  → ')}`);
  }
  return { problems, imports, packages: all.length };
}

if (isScript(import.meta.url)) {
  const arrows = JSON.parse(readFileSync(`${root}tools/arrows.json`, 'utf8'));
  const { problems, imports, packages } = findProblems(root, arrows);
  if (imports === 0) problems.push('no import was found anywhere: the check looked at nothing');
  report(`${imports} imports in ${packages} packages and apps follow the picture`, problems);
}

// Everything that the packages export says what it is, in the declarations that an editor reads.
import ts from 'typescript';

/**
 * The exports without a description, by entry point.
 * @param {import('typescript').Program} program
 * @param {ReadonlyMap<string, string>} entries declaration file to the specifier it stands for
 * @returns {{ problems: string[], count: number }}
 */
export function undocumented(program, entries) {
  const checker = program.getTypeChecker();
  /** @type {string[]} */
  const problems = [];
  let count = 0;
  for (const [file, specifier] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) {
      problems.push(`${specifier}: ${file} is no module`);
      continue;
    }
    for (const exported of checker.getExportsOfModule(module)) {
      count++;
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
      if (text === '') problems.push(`${specifier}: ${exported.name} does not say what it is`);
    }
  }
  return { problems, count };
}

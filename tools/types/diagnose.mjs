// Programs of somebody who installed the packages: compiled in memory, strictly, declarations of libraries included.
import ts from 'typescript';

/** @typedef {{ title: string, options: import('typescript').CompilerOptions }} Setting */

const strict = { strict: true, noEmit: true, skipLibCheck: false, noUncheckedIndexedAccess: true, types: [] };

/**
 * Both ways to find modules, with and without exactOptionalPropertyTypes; and a `lib` that knows `using` or not.
 * @type {readonly Setting[]}
 */
export const settings = [true, false].flatMap((exactOptionalPropertyTypes) => [
  {
    title: `bundler, ES2024${exactOptionalPropertyTypes ? ', exact optional properties' : ''}`,
    options: {
      ...strict,
      exactOptionalPropertyTypes,
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    },
  },
  {
    title: `nodenext, ES2022${exactOptionalPropertyTypes ? ', exact optional properties' : ''}`,
    options: {
      ...strict,
      exactOptionalPropertyTypes,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    },
  },
]);

/** Files are read and parsed once for all programs. */
const registry = ts.createDocumentRegistry();

/**
 * A language service, which is what an editor asks, over files on disk and some in memory.
 * @param {string} folder the project
 * @param {readonly string[]} files absolute
 * @param {import('typescript').CompilerOptions} options
 * @param {ReadonlyMap<string, string>} [inMemory] absolute path to text
 */
export function service(folder, files, options, inMemory = new Map()) {
  /** @param {string} file */
  const read = (file) => inMemory.get(file) ?? ts.sys.readFile(file);
  return ts.createLanguageService(
    {
      getScriptFileNames: () => [...files, ...inMemory.keys()],
      getScriptVersion: () => '1',
      getScriptSnapshot: (file) => {
        const text = read(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (file) => inMemory.has(file) || ts.sys.fileExists(file),
      readFile: read,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
    },
    registry,
  );
}

/**
 * What is wrong in the given files and in the declarations of our packages; those of others are theirs.
 * @param {string} folder
 * @param {readonly string[]} files
 * @param {import('typescript').CompilerOptions} options
 */
export function diagnose(folder, files, options) {
  const program = service(folder, files, options).getProgram();
  if (program === undefined) throw new Error('TypeScript made no program');
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/@recurra\//.test(fileName) || files.includes(fileName));
  return [
    ...program.getGlobalDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ].map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ');
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${diagnostic.file.fileName.replace(folder, '').replace(/^\//, '')}:${line + 1}: ${text}`;
  });
}

/**
 * A kernel of our own on a GPU engine, where tfjs's means something else: one shader, written once for WebGL and WebGPU.
 * GLSL and WGSL share infix arithmetic and the names of functions; a declaration and a choice are made to look alike.
 */
import { BackendError, type DType, type Shape } from '@recurra/core';
import { env, type KernelBackend, type TensorInfo } from '@tensorflow/tfjs-core';

/** How a shader is written: 'glsl' for WebGL 2, 'wgsl' for WebGPU. */
export type Language = 'glsl' | 'wgsl';

/** What tfjs's engines for GPUs can beside the kernels they registered. */
interface Gpu extends KernelBackend {
  /** WebGL. */
  compileAndRun?(program: object, inputs: readonly TensorInfo[], dtype: DType, uniforms?: number[][]): TensorInfo;
  /** WebGPU. */
  runWebGPUProgram?(program: object, inputs: readonly TensorInfo[], dtype: DType, uniforms?: object[]): TensorInfo;
}

/** The language of an engine that runs shaders; WebGL 1 has no isnan and no loops of variable length. */
export function languageOf(backend: Gpu): Language | undefined {
  if (typeof backend.runWebGPUProgram === 'function') return 'wgsl';
  return typeof backend.compileAndRun === 'function' && env().get('WEBGL_VERSION') === 2 ? 'glsl' : undefined;
}

/** One number of the result, from the numbers at its place or from a row of them. */
export interface Shader {
  readonly name: string;
  /**
   * Statements that return the number, in what both languages have: `let` (a float), arithmetic, `select(no, yes, when)`,
   * `isnan`, NAN and INFINITY; `flag` (a bool), `variable` and `counter` for what changes. The operands are `a` and `b`, or, for a row,
   * `at(i)` with `length`. `word` declares an unsigned integer of 32 bits (`1u`), which `wordOf(float)` and `floatOf(word)`
   * take for the same bits, and `valueOf(word)` and `wholeOf(float)` for the same whole number. With places, which is WGSL alone and for integers, it is the element of A that goes to `index`.
   */
  readonly body: string;
  readonly operands: 'a' | 'ab' | 'row' | 'places';
  /** What the body calls: names of functions of one float `a`, and their statements. */
  readonly functions?: Readonly<Record<string, string>>;
}

const glsl = `
#define let float
#define variable float
#define counter int
#define flag bool
#define number float
#define word uint
#define INFINITY uintBitsToFloat(0x7f800000u)
float select(float no, float yes, bool when) { return when ? yes : no; }
uint select(uint no, uint yes, bool when) { return when ? yes : no; }
uint wordOf(float x) { return floatBitsToUint(x); }
float floatOf(uint w) { return uintBitsToFloat(w); }
float valueOf(uint w) { return float(int(w)); }
uint wholeOf(float x) { return uint(int(x)); }
`;

const wgsl = `
fn wordOf(x : f32) -> u32 { return bitcast<u32>(x); }
fn floatOf(w : u32) -> f32 { return bitcast<f32>(w); }
fn valueOf(w : u32) -> f32 { return f32(i32(w)); }
fn wholeOf(x : f32) -> u32 { return u32(i32(x)); }
`;
const inWgsl = (code: string): string =>
  code
    .replaceAll(/\bvariable\b/g, 'var')
    .replaceAll(/\bcounter\b/g, 'var')
    .replaceAll(/\b(flag|word)\b/g, 'let')
    .replaceAll(/\bnumber\(/g, 'f32(')
    .replaceAll(/\b(NAN|INFINITY|length)\b/g, 'uniforms.$1')
    .replaceAll(/\bat\(/g, 'getA(row, ');

/** Runs a shader: the operands broadcast to `shape`, which for rows has one element for each row of [rows, length]. */
export function runShader(
  backend: Gpu,
  { name, body, operands, functions = {} }: Shader,
  inputs: readonly TensorInfo[],
  shape: Shape,
  dtype: DType,
): TensorInfo {
  const row = operands === 'row';
  const names = operands === 'ab' ? ['A', 'B'] : ['A'];
  const length = row ? inputs[0]!.shape[1]! : 0;
  const outputShape = [...shape];
  const common = { variableNames: names, outputShape };
  const language = languageOf(backend);

  if (language === 'glsl') {
    const parameters = row ? 'int row' : names.map((n) => `float ${n.toLowerCase()}`).join(', ');
    const given = row ? 'getOutputCoords()' : names.map((n) => `get${n}AtOutCoords()`).join(', ');
    const called = Object.entries(functions).map(([f, code]) => `float ${f}(float a) { ${code} }\n`);
    const userCode = `${glsl}${called.join('')}${row ? '#define at(i) getA(row, i)\n' : ''}
float value(${parameters}) { ${body} }
void main() { setOutput(value(${given})); }`;
    const enableShapeUniforms = env().getBool('WEBGL_USE_SHAPES_UNIFORMS') && Math.max(...inputs.map(rank)) <= 4;
    const customUniforms = row ? [{ name: 'length_', type: 'int' }] : [];
    const program = {
      ...common,
      userCode: userCode.replaceAll(/\blength\b/g, 'length_'),
      enableShapeUniforms,
      customUniforms,
    };
    return backend.compileAndRun!(program, inputs, dtype, row ? [[length]] : []);
  }
  if (language === 'wgsl') {
    const places = operands === 'places';
    const parameters = places
      ? 'index : i32'
      : row
        ? 'row : i32'
        : names.map((n) => `${n.toLowerCase()} : f32`).join(', ');
    const given = row || places ? 'index' : names.map((n) => `f32(get${n}ByOutputIndex(index))`).join(', ');
    const called = Object.entries(functions).map(([f, code]) => `fn ${f}(a : f32) -> f32 { ${inWgsl(code)} }\n`);
    const groups = Math.ceil(outputShape.reduce((size, n) => size * n, 1) / 64);
    const program = {
      ...common,
      size: true,
      workgroupSize: [64, 1, 1],
      dispatchLayout: { x: outputShape.map((_, axis) => axis) },
      dispatch: [groups, 1, 1],
      shaderKey: `recurra ${name}`,
      ...(row && { uniforms: 'length : i32,' }),
      getUserCode: () => `${wgsl}${called.join('')}
fn value(${parameters}) -> ${places ? 'i32' : 'f32'} { ${inWgsl(body)} }
fn main(index : i32) {
  if (index < uniforms.size) { setOutputAtIndex${places ? 'I32' : ''}(index, value(${given})); }
}`,
    };
    return backend.runWebGPUProgram!(program, inputs, dtype, row ? [{ type: 'int32', data: [length] }] : undefined);
  }
  throw new BackendError('tfjs', 'this engine runs no shaders', { shader: name }, 'ask languageOf first');
}

const rank = (x: TensorInfo): number => x.shape.length;

/** The LSTM that every program computes: made up on the spot, as nothing random is to be downloaded or waited for. */
export const time = 100;
export const inputs = 64;
export const units = 128;

export const x = (): Float32Array => numbers(time * inputs, 1, 1);
export const kernel = (): Float32Array => numbers(inputs * 4 * units, 2, 0.1);
export const recurrentKernel = (): Float32Array => numbers(units * 4 * units, 3, 0.1);
export const bias = (): Float32Array => numbers(4 * units, 4, 0.5);

/** Spread over −most to most by steps of the golden ratio. */
function numbers(length: number, seed: number, most: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((((i + seed) * 0.618034) % 1) * 2 - 1) * most);
}

/** The first result is there: its sum goes to who measures. */
export function done(outputs: Float32Array): void {
  console.log(outputs.reduce((sum, value) => sum + value, 0));
}

/** What every backend has to do in the table: an LSTM over a batch of sequences, the outputs read back. */
export const load = { batch: 8, steps: 32, features: 32, units: 64 } as const;

/** How large everything in the notebook is, known to the page as well as to the worker. */

export type CellName = 'SimpleRNN' | 'LSTM' | 'GRU';

/** Which weights a visitor may change. */
export type Matrix = 'W' | 'U';

export const [steps, features, units] = [16, 12, 8];
/** Sequences that are shown and compared: the input's first ones. */
export const batch = 4;

/** The equations of the cells, each with the variable whose line of code and whose numbers stand beside it. */
/* eslint-disable import/default -- Vite gives a file asked for as text a default export */
import gru from './gru-step.ts?raw';
import lstm from './lstm-step.ts?raw';
import simple from './simple-rnn-step.ts?raw';
import type { CellName } from './sizes.js';

export interface Line {
  /** The name of the numbers; null where there are none to show. */
  readonly track: string | null;
  /** As HTML. */
  readonly equation: string;
  /** Lines of the file that computes it. */
  readonly code: string;
  /** What it means. */
  readonly meaning: string;
}

const [t, before] = ['<sub>t</sub>', '<sub>t−1</sub>'];
/** x_t·W + b + h_{t−1}·U for a gate. */
const sum = (gate: string): string =>
  `<i>x</i>${t}<b>W</b>${gate} + <i>b</i>${gate} + <i>h</i>${before}<b>U</b>${gate}`;
const sub = (gate: string): string => `<sub>${gate}</sub>`;

/** The file's lines that begin with one of these. */
function codeOf(source: string, ...beginnings: readonly string[]): string {
  return source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => beginnings.some((beginning) => line.startsWith(`const ${beginning}`)))
    .map((line) => line.replace(/^const /, '').replace(/;$/, ''))
    .join('\n');
}

const gate = (source: string, name: string, meaning: string): Line => ({
  track: name,
  equation: `<i>${name}</i>${t} = σ(${sum(sub(name))})`,
  code: codeOf(source, `${name}_t =`),
  meaning,
});

export const equations: Readonly<Record<CellName, readonly Line[]>> = {
  SimpleRNN: [
    {
      track: 'h',
      equation: `<i>h</i>${t} = tanh(<i>x</i>${t}<b>W</b> + <i>h</i>${before}<b>U</b>)`,
      code: codeOf(simple, 'z =', 'h_t ='),
      meaning: 'what it saw, and what it was, squeezed between −1 and 1',
    },
  ],
  LSTM: [
    {
      track: null,
      equation: `<i>z</i> = <i>x</i>${t}<b>W</b> + <i>b</i> + <i>h</i>${before}<b>U</b>`,
      code: codeOf(lstm, '[z_i'),
      meaning: 'one product for all gates, cut into four',
    },
    gate(lstm, 'i', 'how much of the new is let in'),
    gate(lstm, 'f', 'how much of the old is kept'),
    {
      track: 'g',
      equation: `<i>g</i>${t} = tanh(${sum(sub('g'))})`,
      code: codeOf(lstm, 'g_t ='),
      meaning: 'the new',
    },
    gate(lstm, 'o', 'how much of the memory is shown'),
    {
      track: 'c',
      equation: `<i>c</i>${t} = <i>f</i>${t} ⊙ <i>c</i>${before} + <i>i</i>${t} ⊙ <i>g</i>${t}`,
      code: codeOf(lstm, 'c_t ='),
      meaning: 'the memory',
    },
    {
      track: 'h',
      equation: `<i>h</i>${t} = <i>o</i>${t} ⊙ tanh(<i>c</i>${t})`,
      code: codeOf(lstm, 'h_t ='),
      meaning: 'what the next layer sees',
    },
  ],
  GRU: [
    {
      track: null,
      equation: `<i>x</i>${t}<b>W</b> + <i>b</i>,  <i>h</i>${before}<b>U</b> + <i>b</i>′`,
      code: codeOf(gru, '[x_z', '[h_z'),
      meaning: 'one product for all gates on either side, cut into three',
    },
    {
      ...gate(gru, 'z', 'how much of the old is kept'),
      equation: `<i>z</i>${t} = σ(<i>x</i>${sub('z')} + <i>h</i>${sub('z')})`,
    },
    {
      ...gate(gru, 'r', 'how much of the old the new gets to see'),
      equation: `<i>r</i>${t} = σ(<i>x</i>${sub('r')} + <i>h</i>${sub('r')})`,
    },
    {
      track: 'ĥ',
      equation: `<i>ĥ</i>${t} = tanh(<i>x</i>${sub('h')} + <i>r</i>${t} ⊙ <i>h</i>${sub('h')})`,
      code: codeOf(gru, 'ĥ_t ='),
      meaning: 'the new',
    },
    {
      track: 'h',
      equation: `<i>h</i>${t} = <i>z</i>${t} ⊙ <i>h</i>${before} + (1 − <i>z</i>${t}) ⊙ <i>ĥ</i>${t}`,
      code: codeOf(gru, 'h_t ='),
      meaning: 'a mixture of old and new',
    },
  ],
};

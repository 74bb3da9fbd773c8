/**
 * The greatest or least of a row, and where it is: the lowest index among equals, the first NaN. tfjs begins its maximum
 * at −10²⁰ on WebGL, so that a row of −∞ has none, and passes over NaN in argMax.
 */
import type { Shader } from './shader.js';

const row = (name: string, body: string): Shader => ({ name, operands: 'row', body });

const extreme = (better: string): string => `
  variable best = at(0);
  for (counter i = 1; i < length; i++) {
    let v = at(i);
    if (isnan(v) || v ${better} best) { best = v; }
  }
  return best;`;

const place = (better: string): string => `
  variable best = at(0);
  counter found = 0;
  for (counter i = 1; i < length; i++) {
    let v = at(i);
    if (!isnan(best) && (isnan(v) || v ${better} best)) {
      best = v;
      found = i;
    }
  }
  return number(found);`;

export const rows = {
  max: /* @__PURE__ */ row('max', /* @__PURE__ */ extreme('>')),
  min: /* @__PURE__ */ row('min', /* @__PURE__ */ extreme('<')),
  argMax: /* @__PURE__ */ row('argMax', /* @__PURE__ */ place('>')),
  argMin: /* @__PURE__ */ row('argMin', /* @__PURE__ */ place('<')),
} as const;

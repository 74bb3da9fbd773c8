/** Additions of single numbers, which stay where they are. */
import { add, scope } from '@recurra/core';
import type { GateCase } from '../../cases.js';
import type { Numbers } from '../../numbers.js';
import type { Prepared } from '../../peer.js';
import { floats } from './layer.js';

export function additions({ adds }: GateCase, numbers: Numbers): Prepared {
  const a = floats(numbers, 'a', []);
  const b = floats(numbers, 'b', []);
  const sum = () => {
    let total = a;
    for (let i = 0; i < adds; i++) total = add(total, b);
    return total;
  };
  return {
    run: () =>
      scope(() => {
        sum();
      }),
    output: () => scope(() => sum().dataSync()),
  };
}

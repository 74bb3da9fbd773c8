// Which versions of Node are refused, and that the refusal says what to do.
import { expect, it } from 'vitest';
import { tooOld } from '../need-node.cjs';

it.each(['v20.19.0', 'v20.19.1', 'v20.20.2', 'v21.0.0', 'v22.3.0', 'v24.21.0', 'v100.0.0'])('takes %s', (version) => {
  expect(tooOld(version, '>=20.19.0')).toBeUndefined();
});

it.each(['v0.12.18', 'v8.17.0', 'v18.20.4', 'v20.9.0', 'v20.18.3'])('refuses %s', (version) => {
  const message = tooOld(version, '>=20.19.0');
  expect(message).toContain('20.19 or newer');
  expect(message).toContain(version.slice(1));
});

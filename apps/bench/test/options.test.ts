import { describe, expect, it } from 'vitest';
import { cases } from '../src/cases.js';
import { help, parse, UsageError } from '../src/options.js';

const ids = (...args: string[]) => parse(args).cases.map(({ id }) => id);

it('measures everything by default', () => {
  expect(parse([])).toEqual({ help: false, quick: false, docs: false, json: undefined, cases });
});

it('chooses by parts of names, in any case of letters', () => {
  expect(ids('--only', 'lstm')).toEqual([
    'LSTM 1,1,128,128',
    'LSTM 1,100,64,128',
    'LSTM 32,16,12,8',
    'LSTM 32,50,128,256',
    'training LSTM 32,50,64,128',
  ]);
  expect(ids('--only', 'gru 32', '--only=gate')).toEqual(['GRU 32,16,12,8', 'GRU 32,50,128,256', 'gate 1', 'gate 100']);
});

it('leaves the slow ones out of a quick run', () => {
  expect(ids('--quick', '--only', 'gru 32')).toEqual(['GRU 32,16,12,8']);
  expect(ids('--quick')).toHaveLength(cases.length - 4);
});

it('takes the name of a file', () => {
  expect(parse(['--json', 'out.json']).json).toBe('out.json');
});

it('describes every option and case', () => {
  for (const option of ['--quick', '--only', '--json', '--docs', '--help', ...cases.map(({ id }) => id)])
    expect(help).toContain(option);
});

describe('refuses', () => {
  it.each([
    [['--fast'], '--fast'],
    [['lstm'], 'lstm'],
    [['--only'], '--only'],
    [['--only', ''], '--only needs a text'],
    [['--only', 'lstn'], 'no case is called lstn'],
    [['--only', 'lstm', '--only', 'gro'], 'no case is called gro'],
    [['--json'], '--json'],
    [['--json='], '--json needs the name of a file'],
    [['--docs', '--quick'], 'leave --quick and --only away'],
    [['--docs', '--only', 'gru'], 'leave --quick and --only away'],
    [['--quick', '--only', '50,128,256'], '--quick leaves these cases out'],
  ])('%j', (args, words) => {
    const refuse = () => parse(args);
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(words);
  });
});

import { describe, expect, it } from 'vitest';
import { cases } from '../src/cases.js';
import { help, parse, UsageError } from '../src/options.js';

const ids = (...args: string[]) => parse(args).cases.map(({ id }) => id);
const names = ['recurra wasm', 'onnxruntime-web', 'tfjs wasm'];

it('measures everything by default', () => {
  expect(parse([])).toEqual({
    help: false,
    quick: false,
    docs: false,
    json: undefined,
    markdown: undefined,
    svg: undefined,
    peers: [],
    cases,
    extras: ['cold start', 'download size'],
  });
});

it('chooses by parts of names, in any case of letters', () => {
  expect(ids('--only', 'stream lstm')).toEqual([32, 64, 128, 256, 512, 1024].map((units) => `stream LSTM ${units}`));
  expect(ids('--only', 'gru 32', '--only=gate')).toEqual([
    'GRU 32,16,12,8',
    'GRU 32,50,128,256',
    'stream GRU 32',
    'training GRU 32,50,64,128',
    'gate 1',
    'gate 100',
  ]);
});

it('has every cell at six sizes', () => {
  for (const cell of ['SimpleRNN', 'LSTM', 'GRU', 'GRU reset before'] as const)
    expect(cases.filter((task) => task.kind === 'recurrent' && task.cell === cell)).toHaveLength(6);
});

it('has a few cases in a quick run, and those that are asked for', () => {
  const few = ids('--quick');
  expect(few).toContain('stream LSTM 128');
  expect(few.length).toBeLessThan(10);
  expect(ids('--quick', '--only', 'LSTM 32,50')).toEqual(['LSTM 32,50,128,256', 'training LSTM 32,50,64,128']);
});

it('starts programs and weighs them in a full run, or when they are asked for', () => {
  expect(parse(['--quick']).extras).toEqual([]);
  expect(parse(['--only', 'size'])).toMatchObject({ cases: [], extras: ['download size'] });
  expect(parse(['--only', 'gru']).extras).toEqual([]);
});

it('takes names of files and peers', () => {
  const args = ['--json', 'out.json', '--markdown=out.md', '--svg', 'out.svg', '--peer', 'TFJS', '--peer=onnx'];
  expect(parse(args, names)).toMatchObject({
    json: 'out.json',
    markdown: 'out.md',
    svg: 'out.svg',
    peers: ['TFJS', 'onnx'],
  });
});

it('describes every option and case', () => {
  const options = ['--quick', '--only', '--peer', '--json', '--markdown', '--svg', '--docs', '--help'];
  for (const text of [...options, ...cases.map(({ id }) => id)]) expect(help).toContain(text);
});

describe('refuses', () => {
  it.each([
    [['--fast'], '--fast'],
    [['lstm'], 'lstm'],
    [['--only'], '--only'],
    [['--only', ''], '--only needs a text'],
    [['--only', 'lstn'], 'no case is called lstn'],
    [['--only', 'lstm', '--only', 'gro'], 'no case is called gro'],
    [['--peer', ''], '--peer needs a text'],
    [['--peer', 'keras'], 'no peer is called keras; there are recurra wasm, onnxruntime-web, tfjs wasm'],
    [['--json'], '--json'],
    [['--json='], '--json needs the name of a file'],
    [['--svg='], '--svg needs the name of a file'],
    [['--docs', '--quick'], 'leave --quick, --only and --peer away'],
    [['--docs', '--only', 'gru'], 'leave --quick, --only and --peer away'],
    [['--docs', '--peer', 'tfjs'], 'leave --quick, --only and --peer away'],
  ])('%j', (args, words) => {
    const refuse = () => parse(args, names);
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(words);
  });
});

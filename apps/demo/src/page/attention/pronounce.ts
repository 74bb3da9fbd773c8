/** One word, said by two networks: the phonemes, and where each of them looked. */
import { leaves, type Backend } from '@recurra/core';
import { decodeCheckpoint } from '@recurra/train';
import { asset, trained } from '../worker/asset.js';
import type { Handler } from '../worker/handler.js';
import { entriesOf } from './alphabet.js';
import { say, type Said } from './evaluation.js';
import { network, type Look, type Params } from './network.js';

export interface PronounceAsk {
  /** Letters a to z. */
  readonly word: string;
  /** Checkpoints of networks that were trained here, in place of those that came with the page. */
  readonly weights: Readonly<Record<Look, Uint8Array | null>>;
}
export interface Pronounced {
  readonly said: Readonly<Record<Look, Said>>;
  /** How the networks that came with the page were trained, and how good they are. */
  readonly about: Readonly<Record<Look, About>>;
  /** What the dictionary says, and whether training saw it; null where the page's part of it has no such word. */
  readonly dictionary: readonly string[] | null;
}
export interface About {
  readonly words: number;
  readonly epochs: number;
  readonly heldOut: number;
  /** Shares of the held-out words' phonemes, and of the words. */
  readonly phonemeErrors: number;
  readonly wordErrors: number;
}

interface Ready {
  readonly about: About;
  readonly params: Params;
}

const networks = { bahdanau: network('bahdanau'), luong: network('luong') } as const;
const ready = new Map<Backend, Record<Look, Ready>>();

export const pronounce: Handler<'pronounce'> = async ({ word, weights }, { backend }) => {
  let own = ready.get(backend);
  if (own === undefined) {
    const [first, second] = await Promise.all([trained('bahdanau', backend), trained('luong', backend)]);
    own = { bahdanau: first as unknown as Ready, luong: second as unknown as Ready };
    ready.set(backend, own);
  }
  const one = async (look: Look): Promise<Said> => {
    const bytes = weights[look];
    if (bytes === null) return (await say(networks[look], own[look].params, [word]))[0]!;
    const { params } = decodeCheckpoint(bytes, { backend }) as unknown as { params: Params };
    try {
      return (await say(networks[look], params, [word]))[0]!;
    } finally {
      for (const x of leaves(params)) x.dispose();
    }
  };
  const said = { bahdanau: await one('bahdanau'), luong: await one('luong') };
  const entries = entriesOf(new TextDecoder().decode(await asset('words')));
  return {
    said,
    about: { bahdanau: own.bahdanau.about, luong: own.luong.about },
    dictionary: entries.find((entry) => entry.word === word)?.phonemes ?? null,
  };
};

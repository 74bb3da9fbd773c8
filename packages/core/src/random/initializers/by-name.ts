/** The initializers by the names that Keras's configurations use. */
import { ArgumentError } from '../../errors.js';
import { didYouMean } from '../../suggest.js';
import { constant, onesInitializer, zerosInitializer } from './constant.js';
import { identity } from './identity.js';
import type { Initializer } from './initializer.js';
import { orthogonal } from './orthogonal.js';
import { randomNormal, randomUniform, truncatedNormalInitializer } from './random.js';
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from './variance-scaling.js';

const factories = {
  zeros: zerosInitializer,
  ones: onesInitializer,
  constant,
  identity,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  randomUniform,
  randomNormal,
  truncatedNormal: truncatedNormalInitializer,
  varianceScaling,
  orthogonal,
} as const;

const aliases: Readonly<Record<string, keyof typeof factories>> = {
  zero: 'zeros',
  one: 'ones',
  uniform: 'randomUniform',
  normal: 'randomNormal',
};

type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : S;

/** 'glorotUniform', or as Keras spells it 'glorot_uniform'. */
export type InitializerName =
  keyof typeof factories | Snake<keyof typeof factories> | 'zero' | 'one' | 'uniform' | 'normal';

/**
 * An initializer from its name in camelCase, in Keras's snake_case or as Keras's class name, made with its defaults; a
 * function is returned as it is.
 *
 *     initializer('glorot_uniform');
 *
 * @param op who asks, for the error
 * @throws ArgumentError for a name that is not known
 */
export function initializer(nameOrFunction: InitializerName | Initializer, op = 'initializer'): Initializer {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const camel = typeof nameOrFunction === 'string' ? camelCase(nameOrFunction) : '';
  const name = Object.hasOwn(aliases, camel) ? aliases[camel]! : camel;
  if (Object.hasOwn(factories, name)) return factories[name as keyof typeof factories]();
  throw new ArgumentError(
    op,
    'there is no initializer of this name',
    { name: nameOrFunction },
    didYouMean(camel, Object.keys(factories)),
    'UNKNOWN_NAME',
  );
}

/** glorot_uniform and GlorotUniform to glorotUniform; Keras also knows OrthogonalInitializer and IdentityInitializer. */
function camelCase(name: string): string {
  const joined = name.replaceAll(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return (joined.charAt(0).toLowerCase() + joined.slice(1)).replace(/Initializer$/, '');
}

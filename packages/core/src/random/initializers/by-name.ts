/** The initializers by the names that Keras's configurations use. */
import { byName } from '../../by-name.js';
import { constant, onesInitializer, zerosInitializer } from './constant.js';
import { identity } from './identity.js';
import type { Initializer } from './initializer.js';
import { orthogonal } from './orthogonal.js';
import { randomByName } from './random.js';
import { scaledByName } from './variance-scaling.js';

const factories = {
  zeros: zerosInitializer,
  zero: zerosInitializer,
  ones: onesInitializer,
  one: onesInitializer,
  constant,
  identity,
  glorotUniform: () => scaledByName('glorotUniform'),
  glorotNormal: () => scaledByName('glorotNormal'),
  heUniform: () => scaledByName('heUniform'),
  heNormal: () => scaledByName('heNormal'),
  lecunUniform: () => scaledByName('lecunUniform'),
  lecunNormal: () => scaledByName('lecunNormal'),
  randomUniform: () => randomByName.randomUniform(),
  uniform: () => randomByName.randomUniform(),
  randomNormal: () => randomByName.randomNormal(),
  normal: () => randomByName.randomNormal(),
  truncatedNormal: () => randomByName.truncatedNormal(),
  varianceScaling: () => scaledByName('varianceScaling'),
  orthogonal,
} as const;

type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : S;

/** 'glorotUniform', or as Keras spells it 'glorot_uniform'. */
export type InitializerName = keyof typeof factories | Snake<keyof typeof factories>;

/**
 * An initializer from its name in camelCase, in Keras's snake_case or as Keras's class name, made with its defaults; a
 * function is returned as it is.
 *
 *     initializer('glorot_uniform');
 *
 * @param op who asks, for the error
 * @throws ArgumentError, code UNKNOWN_NAME, for a name that is not known
 */
export function initializer(nameOrFunction: InitializerName | Initializer, op = 'initializer'): Initializer {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const name = typeof nameOrFunction === 'string' ? withoutClass(nameOrFunction) : nameOrFunction;
  return byName<() => Initializer>(op, 'initializer', name, factories, { name: nameOrFunction })();
}

/** Keras's class names as names: GlorotUniform, OrthogonalInitializer, IdentityInitializer. */
function withoutClass(name: string): string {
  return (name.charAt(0).toLowerCase() + name.slice(1)).replace(/Initializer$/, '');
}

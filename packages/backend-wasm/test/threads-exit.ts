/** A program that ends by itself, with one team at work and another that was disposed of. */
import { make } from '../src/backend.js';
import { back, configuration, cotangents } from './configurations.js';

const [team, other] = [await make({ threads: 3 }, () => true), await make({ threads: 2 }, () => true)];
const c = configuration(1);
for (const backend of [team, other]) back(backend, c, cotangents(c, 1));
other.dispose!();
// It has one thread left, and computes on it.
back(other, c, cotangents(c, 1));
console.log(JSON.stringify(team.engine));
console.log(`${Math.sign(team.live!() + 1)} ${Math.sign(other.live!() + 1)}`);

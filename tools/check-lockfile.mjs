// A lockfile for everyone: pnpm leaves a prebuilt binary out when the registry that was asked does not have it, and a
// Mac or Windows user would then install a tool that cannot run. Asks the registry which binaries each locked
// package offers and lists those the lockfile lacks; and makes sure that it names no host. Needs the network.
import { readFileSync } from 'node:fs';
import { npm } from './pnpm.mjs';
import { report, root } from './workspace.mjs';

const text = readFileSync(`${root}pnpm-lock.yaml`, 'utf8');
/** @type {string[]} */
const problems = [];
text.split('\n').forEach((line, i) => {
  if (/https?:|\btarball:/.test(line)) problems.push(`pnpm-lock.yaml:${i + 1}: names a host:${line}`);
});

const packages = text.slice(text.indexOf('\npackages:\n'), text.indexOf('\nsnapshots:\n'));
const locked = [...packages.matchAll(/^ {2}'?((?:@[^/']+\/)?[^@'\s]+@[^:'(\s]+)'?:\n(?: {4}resolution: (.*))?/gm)];
const ids = new Set(locked.map((match) => String(match[1])));
for (const [, id, resolution = ''] of locked)
  if (!resolution.includes('integrity: sha512-')) problems.push(`${id}: locked without an integrity hash`);
if (ids.size === 0) problems.push('pnpm-lock.yaml: no locked package could be read');

const registry = String(
  npm(['config', 'get', 'registry'], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).stdout,
).trim();
const queue = [...ids];
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (let id = queue.shift(); id; id = queue.shift()) {
      const at = id.lastIndexOf('@');
      const answer = await fetch(
        `${registry.replace(/\/*$/, '/')}${id.slice(0, at).replace('/', '%2f')}/${id.slice(at + 1)}`,
      );
      if (!answer.ok) {
        problems.push(`${id}: the registry answers ${answer.status}`);
        continue;
      }
      /** @type {{ optionalDependencies?: Record<string, string> }} */
      const { optionalDependencies = {} } = await answer.json();
      const missing = Object.entries(optionalDependencies)
        .filter(([name, wanted]) =>
          /^\d[\d.]*$/.test(wanted)
            ? !ids.has(`${name}@${wanted}`)
            : ![...ids].some((one) => one.startsWith(`${name}@`)),
        )
        .map(([name]) => name);
      if (missing.length > 0) problems.push(`${id}: lacks ${missing.join(', ')}`);
    }
  }),
);
report(`${ids.size} locked packages are complete for every platform`, problems.toSorted());

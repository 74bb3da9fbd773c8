// Builds every published package and packs it exactly as it would be published. Run with a folder, it leaves them there.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pnpm } from './pnpm.mjs';
import { isScript, report, workspaces } from './workspace.mjs';

/**
 * Packs into a temporary folder, gives it to `use`, and removes it afterwards; reports when there is nothing to give.
 * @param {(tarballs: Map<string, string>, folder: string) => void | Promise<void>} use package name to tarball, and a folder to work in
 */
export async function packed(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'recurra-pack-'));
  try {
    if (pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']) !== 0)
      return report('', ['the build failed']);
    const tarballs = path.join(folder, 'tarballs');
    mkdirSync(tarballs);
    const packing = pnpm(['-r', '--filter=./packages/*', 'pack', '--pack-destination', tarballs], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (packing !== 0) return report('', ['packing failed']);
    const files = readdirSync(tarballs);
    /** @type {Map<string, string>} */
    const byName = new Map();
    for (const { json, published } of workspaces()) {
      if (!published) continue;
      const file = `${json.name.replace('@', '').replace('/', '-')}-${json.version}.tgz`;
      if (!files.includes(file)) return report('', [`${json.name} was not packed`]);
      byName.set(json.name, path.join(tarballs, file));
    }
    await use(byName, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isScript(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) report('', ['where to? node tools/pack.mjs FOLDER']);
  else
    await packed((tarballs) => {
      mkdirSync(folder, { recursive: true });
      for (const file of tarballs.values()) copyFileSync(file, path.join(folder, path.basename(file)));
      console.log(`${tarballs.size} packages in ${folder}: npm install ${folder}/*.tgz`);
    });
}

// Bundles every executable of the workspace. An executable is a file `packages/*/src/bin/NAME.ts`; it becomes
// `packages/*/dist/NAME.js`, with what it imports dynamically in chunks beside it, so that a command loads only
// what it uses. Packages with native parts stay outside the bundle.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const native = ['zeromq', 'lmdb', '@lydell/node-pty'];

const packages = readdirSync(join(root, 'packages'));
await Promise.all(
  packages.map(async (name) => {
    const folder = join(root, 'packages', name);
    const sources = join(folder, 'src', 'bin');
    if (!existsSync(sources)) return;
    const entryPoints = readdirSync(sources)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => join(sources, file));
    const dist = join(folder, 'dist');
    const fresh = `${dist}-${process.pid}`;
    await build({
      entryPoints,
      outdir: fresh,
      bundle: true,
      splitting: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      external: native,
      loader: { '.yaml': 'text' },
      sourcemap: 'linked',
      minifySyntax: true,
      minifyWhitespace: true,
      keepNames: true,
      logLevel: 'warning',
      // Bundled CommonJS packages call require for Node's own modules.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
    });
    // What runs meanwhile finds one build or the other, whole but for a moment.
    const old = `${fresh}-old`;
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    rmSync(old, { recursive: true, force: true });
  }),
);

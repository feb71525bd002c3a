// Holds the code to the plan of the house: which package may import which (ARCHITECTURE.md, "Rooms"), which room inside
// a large one, that no files import one another in a circle, and how long a file may grow. Prints each breach as FILE: what is wrong, and exits 1
// if there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const mayImport = {
  'flux-formats': [],
  minicluster: ['flux-formats'],
  'flux-client': ['flux-formats'],
  'local-kubernetes': [],
  'flux-broker': ['flux-formats', 'minicluster', 'flux-client'],
  operator: ['flux-formats', 'minicluster', 'flux-client'],
  'flux-cli': ['flux-formats', 'minicluster', 'flux-client', 'flux-broker', 'local-kubernetes'],
  ebb: ['flux-formats', 'minicluster', 'flux-client', 'local-kubernetes', 'flux-broker', 'operator', 'flux-cli'],
};
/** Rooms inside a room, from the ground up: each may import those before it. Files beside them are not held to it. */
const floorsInside = {
  'packages/local-kubernetes/src/node-agent': [
    'host',
    'network',
    'policies',
    'roots',
    'references',
    'volumes',
    'processes',
    'containers',
    'pods',
    'kubelet-api',
  ],
};
const longestFile = 500;

const breaches = [];
/** Files that a file imports from its own package, types too. */
const imports = new Map();
for (const [name, allowed] of Object.entries(mayImport)) {
  for (const file of sourceFiles(join(root, 'packages', name, 'src'))) {
    const text = readFileSync(file, 'utf8');
    const shown = file.slice(root.length + 1);
    for (const [, imported] of text.matchAll(/from '@ebb\/([a-z-]+)|import\('@ebb\/([a-z-]+)/g)) {
      if (imported && imported !== name && !allowed.includes(imported)) {
        breaches.push(`${shown}: ${name} may not import ${imported}`);
      }
    }
    const own = [...text.matchAll(/^(?:import|export|\} from) ?[^;]*? from '(\.[^']+)';$/gm)].map(([, path]) => path);
    imports.set(
      file,
      own.map((path) => resolve(dirname(file), path)),
    );
    if (/from '(\.\.\/)+packages\//.test(text)) breaches.push(`${shown}: import a sibling by its package name`);
    const lines = text.split('\n').length;
    if (lines > longestFile) breaches.push(`${shown}: ${lines} lines; split a file past ${longestFile}`);
  }
}
for (const [room, floors] of Object.entries(floorsInside)) {
  const floorOf = (file) => {
    const [first, ...others] = relative(join(root, room), file).split('/');
    return others.length > 0 ? first : undefined;
  };
  for (const [file, imported] of imports) {
    const floor = floors.indexOf(floorOf(file));
    for (const above of floor < 0 ? [] : imported.filter((each) => floors.indexOf(floorOf(each)) > floor)) {
      breaches.push(`${file.slice(root.length + 1)}: ${floors[floor]} may not import ${floorOf(above)}`);
    }
  }
}
// Suites, benchmarks and scripts come in by the two doors of a package, as siblings do.
for (const folder of ['test', 'bench', 'scripts']) {
  for (const file of sourceFiles(join(root, folder))) {
    if (!/from '(\.\.\/)+packages\/[a-z-]+\/src\//.test(readFileSync(file, 'utf8'))) continue;
    breaches.push(`${file.slice(root.length + 1)}: import a package by its name, or by NAME/internal`);
  }
}
for (const circle of circles()) {
  const [first, ...others] = circle.map((file) => file.slice(root.length + 1));
  breaches.push(`${first}: imports itself by way of ${others.join(', ')}`);
}
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length > 0 ? 1 : 0;

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/** Each circle once, from the file that was met first. */
function circles() {
  const found = [];
  const done = new Set();
  const path = [];
  const visit = (file) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(path.slice(start));
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const imported of imports.get(file) ?? []) visit(imported);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

/**
 * Writes the objects that an operator makes of each MiniCluster of a folder of YAML files, one JSON file per MiniCluster
 * (`made-objects.ts`).
 *
 *   npx tsx test/operators/collect.ts EXAMPLES OUTPUT 'COMMAND' [CRD]
 *
 * COMMAND starts the operator, which finds the cluster by KUBECONFIG; CRD is a file with its CustomResourceDefinition (ours).
 * `test/operators/compare.ts` compares two such outputs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customResourceDefinition } from '@ebb/minicluster';
import { parse } from 'yaml';
import { madeBy, miniClustersIn } from './made-objects.ts';

const [examples, output, command, definitionFile] = process.argv.slice(2);
if (!examples || !output || !command) {
  console.error("usage: npx tsx test/operators/collect.ts EXAMPLES OUTPUT 'COMMAND' [CRD]");
  process.exit(2);
}
const definition = definitionFile ? parse(readFileSync(definitionFile, 'utf8')) : customResourceDefinition();
const { made, refused } = await madeBy(command, definition, miniClustersIn(examples));
mkdirSync(output, { recursive: true });
for (const [file, objects] of made) {
  if (!objects.some(({ kind }) => kind === 'Job')) console.log(`${file}: no Job`);
  writeFileSync(join(output, `${file.replaceAll('/', '-')}.json`), JSON.stringify(objects, null, 2));
}
for (const [file, why] of refused) console.log(`${file}: refused: ${why}`);
console.log(`${made.size} MiniClusters, ${[...made.values()].flat().length} objects`);

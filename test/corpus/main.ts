/**
 * `npx tsx test/corpus/main.ts KUBECONFIG [TOPIC...]` prints the record of each topic as JSON.
 * `npx tsx test/corpus/main.ts KUBECONFIG --against KUBECONFIG [TOPIC...]` prints where two servers differ;
 * what is known to differ between the embedded and a real one is named with its reason and does not count.
 */

import { differences } from './differences.ts';
import { knownDifferences } from './known-differences.ts';
import { topics } from './requests/index.ts';
import { type RecordedAnswer, runCorpus } from './run-corpus.ts';

const [kubeconfig, ...rest] = process.argv.slice(2);
if (!kubeconfig) {
  console.error('usage: main.ts KUBECONFIG [--against KUBECONFIG] [TOPIC...]');
  process.exit(2);
}
const other = rest[0] === '--against' ? rest.splice(0, 2)[1] : undefined;
const names = rest.length > 0 ? rest : Object.keys(topics);
let found = 0;
let asked = 0;
const records: Record<string, RecordedAnswer[]> = {};
for (const name of names) {
  const requests = topics[name];
  if (!requests) throw new Error(`there is no topic ${name}; there are ${Object.keys(topics).join(', ')}`);
  asked += requests.length;
  const targets = other === undefined ? [kubeconfig] : [kubeconfig, other];
  const [record = [], against = []] = await Promise.all(targets.map((target) => runCorpus(target, requests)));
  if (other === undefined) {
    records[name] = record;
    continue;
  }
  for (const [index, answer] of record.entries()) {
    const lines = differences(answer, against[index] as RecordedAnswer);
    if (lines.length === 0) continue;
    const reason = knownDifferences[`${name}: ${answer.name}`];
    if (reason !== undefined) {
      console.log(`${name}: ${answer.name} differs as known: ${reason}`);
      continue;
    }
    found++;
    console.log(`${name}: ${answer.name}  (${answer.request})`);
    for (const line of lines) console.log(`    ${line}`);
  }
}
if (other === undefined) console.log(JSON.stringify(records, null, 1));
else console.log(`${asked - found} of ${asked} answers are the same, or differ as known`);
process.exitCode = found > 0 ? 1 : 0;

/**
 * `npx tsx test/corpus/mutations/main.ts SEED COUNT KUBECONFIG KUBECONFIG [--seeds N] [--json]` makes COUNT requests by
 * chance from SEED, puts them to both servers, the real one first, and prints where their answers differ; `--seeds` goes on
 * with the seeds after it, `--json` prints a line of JSON for each difference, with nothing cut.
 */
import { parseArgs } from 'node:util';
import { compareServers } from './run-plan.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
});
const [first, count, real, own] = positionals;
if (!first || !count || !real || !own) {
  console.error('usage: main.ts SEED COUNT KUBECONFIG KUBECONFIG [--seeds N] [--json]');
  process.exit(2);
}
for (let seed = Number(first); seed < Number(first) + Number(values.seeds); seed++) {
  const { asked, known, different } = await compareServers(
    seed,
    Number(count),
    [real, own],
    values.json ? Number.POSITIVE_INFINITY : 400,
  );
  for (const each of different) {
    if (values.json) console.log(JSON.stringify({ seed, ...each }));
    else console.log([`${each.name}  (${each.request})`, JSON.stringify(each.body), ...each.lines].join('\n    '));
  }
  const named = Object.values(known).reduce((sum, each) => sum + each, 0);
  console.error(`seed ${seed}: ${asked} requests, ${different.length} answers differ, ${named} as known`);
  for (const [why, times] of Object.entries(known)) console.error(`    ${times} times: ${why}`);
  if (different.length > 0) process.exitCode = 1;
}

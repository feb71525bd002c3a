/**
 * Many MiniClusters at once on a real control plane: how long until every Job has its size, what the operator asked of
 * the API server for it, and what it asks at rest.
 *
 *   npx tsx bench/miniclusters.ts [MINICLUSTERS=500] [--size PODS=2] [--nodes N=0] [--rest SECONDS=60]
 *
 * They are created with PODS pods each, grown to twice as many, and shrunk by one. Without nodes the pods stay pending,
 * and the control plane is all that limits how many there are; with nodes of this machine the brokers run.
 *
 * It needs Go (the control plane is built once) and `npm run build`; nodes need Linux and root. Another operator is measured after ours on the same
 * MiniClusters, and compared with it:
 *
 *   EBB_BENCH_OPERATOR='COMMAND'   starts it; it finds the cluster by KUBECONFIG
 *   EBB_BENCH_CRD=FILE             its CustomResourceDefinition of MiniClusters (ours)
 *
 * Neither elects a leader unless the command says so. Times hold for one machine; ratios are what to quote.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { customResourceDefinition } from '@ebb/minicluster';
import { parse } from 'yaml';
import { measure, type Stage, type Subject } from './miniclusters/measure.ts';
import { total } from './miniclusters/request-log.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '2' },
    nodes: { type: 'string', default: '0' },
    rest: { type: 'string', default: '60' },
  },
});
const workload = { count: Number(positionals[0] ?? 500), size: Number(values.size), nodes: Number(values.nodes) };
const { count } = workload;
const restSeconds = Number(values.rest);
const wholeRestMinutes = 10;
const wholeTitle = `from first to last, with ${wholeRestMinutes} minutes at rest`;

const program = join(import.meta.dirname, '..', 'packages', 'operator', 'dist', 'operator.js');
if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`);
const subjects: Subject[] = [
  {
    title: 'Ebb',
    command: `node ${program} --no-leader-elect --metrics-bind-address 0 --health-probe-bind-address 0 --log-level warn`,
    definition: customResourceDefinition(),
  },
];
const other = process.env['EBB_BENCH_OPERATOR'];
if (other) {
  const file = process.env['EBB_BENCH_CRD'];
  const definition = file ? (parse(readFileSync(file, 'utf8')) as object) : customResourceDefinition();
  subjects.push({ title: 'the other', command: other, definition });
}

const results: Stage[][] = [];
for (const subject of subjects) {
  const stages = await measure(subject, workload, restSeconds);
  results.push(stages);
  console.log(`\n${subject.title}`);
  for (const stage of stages) print(stage);
  console.log(`  ${wholeTitle}: ${(whole(stages) / count).toFixed(1)} requests a MiniCluster`);
}
const [ours, theirs] = results;
if (ours && theirs) compare(ours, theirs);

/** Requests of a whole life, of which rest is the longest part wherever MiniClusters are used. */
function whole(stages: readonly Stage[]): number {
  return stages.reduce((sum, { title, requests, seconds }) => {
    const share = title === 'rest' ? (wholeRestMinutes * 60) / seconds : 1;
    return sum + total(requests) * share;
  }, 0);
}

function print({ title, seconds, requests, cpuSeconds, use }: Stage): void {
  const sum = total(requests);
  const share =
    title === 'rest' ? `${((sum * 60) / seconds).toFixed(1)} a minute` : `${(sum / count).toFixed(1)} a MiniCluster`;
  console.log(
    `  ${title}: ${seconds.toFixed(1)} s, ${sum} requests (${share}), ${cpuSeconds.toFixed(1)} s CPU, ${use.residentMiB} MiB (peak ${use.peakMiB})`,
  );
  for (const [name, each] of [...requests].sort(([, a], [, b]) => b - a)) {
    console.log(`      ${name}: ${each} (${(each / count).toFixed(2)} a MiniCluster)`);
  }
}

function compare(one: readonly Stage[], another: readonly Stage[]): void {
  const ratio = (a: number, b: number) => (a > 0 ? (b / a).toFixed(1) : b > 0 ? 'all' : '1.0');
  console.log('\nThe other against Ebb (times as much)');
  for (const [index, a] of one.entries()) {
    const b = another[index];
    if (!b) continue;
    const time = a.title === 'rest' ? '' : `time ${ratio(a.seconds, b.seconds)}, `;
    console.log(
      `  ${a.title}: ${time}requests ${ratio(total(a.requests), total(b.requests))}, CPU ${ratio(a.cpuSeconds, b.cpuSeconds)}, memory ${ratio(a.use.residentMiB, b.use.residentMiB)}`,
    );
  }
  console.log(`  ${wholeTitle}: requests ${ratio(whole(one), whole(another))}`);
}

/**
 * The weaknesses that were found in the upstream operator, and the test that holds each of them mended. A test that is
 * renamed or taken away is missed here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const objects = 'packages/minicluster/src/objects/desired-objects.test.ts';
const mended = 'packages/minicluster/src/objects/upstream-weaknesses.test.ts';
const scripts = 'packages/minicluster/src/scripts/scripts.test.ts';
const shell = 'packages/minicluster/src/scripts/shell-text.test.ts';
const scenarios = 'packages/operator/src/reconcile/scenarios.test.ts';
const resizing = 'packages/operator/src/reconcile/resizing.test.ts';
const stories = 'packages/operator/src/reconcile/upstream-weaknesses.test.ts';
const requests = 'packages/operator/src/reconcile/requests.test.ts';
const faults = 'packages/operator/src/reconcile/faults.test.ts';
const refusals = 'test/operators/refusals.test.ts';
const chart = 'test/chart.test.ts';

/** What upstream does; then files and titles of tests. */
const weaknesses: [string, ...[string, string][]][] = [
  ['reconciles for ever, and slower with time', [requests, 'for one at rest: none, whatever is looked at again']],
  [
    'tells an invalid spec only to its own output',
    [scenarios, 'says what is wrong with a spec, and goes on when it is'],
  ],
  ['takes too large a size in two ways', [resizing, 'denies a size above the maximum: status, Warning, size put back']],
  ['leaves size 0 in the spec', [refusals, 'a size of 0']],
  ['overlooks errors of its writes', [faults, 'answers %i to every third request']],
  ['says a size of 0 at first', [stories, 'says a size of 0 until the first resize']],
  ['lets the maximum never change', [resizing, 'opens hidden ranks when maxSize is raised up to the capacity']],
  [
    'says Ready too early, and Finished never',
    [scenarios, 'is not ready before Flux has answered'],
    [scenarios, 'reports a program that ends with %i, once'],
  ],
  ['writes into its caches', [stories, 'writes into its caches']],
  ['fails a pass for each Service of a sidecar', [stories, 'fails one pass for each Service of a sidecar']],
  ['loses the jobs of ranks that go', [resizing, 'drains exactly the ranks that go, waits for their jobs']],
  ['hands no signal on to the broker', [scripts, 'interactive: a worker that is told to stop is soon gone']],
  ['loses the exit status of the program', [scripts, '%s: the exit status of the program is the pod’s']],
  ['lets workers sleep 15 s, or end for good', [mended, 'a worker tries again soon, and for ever, strict (%s) or not']],
  ['knows no limits of processors, and no GPUs', [mended, 'Flux is told of the cores and GPUs that a node may use']],
  ['keeps a quorum of ranks that have gone', [scenarios, 'and is Ready when its brokers are online']],
  ['says no word about a spec that changed', [stories, 'never tells that a changed spec does not reach what runs']],
  ['labels pods of strangers', [stories, 'labels pods of strangers, and stumbles over one without labels']],
  ['takes pods of others for its own', [stories, 'takes the end of another’s pod for the end of the program']],
  ['writes invalid TOML to join another cluster', [mended, 'joining another cluster gives valid TOML']],
  ['loses defaults of clusters to burst to', [mended, 'clusters to burst to have a name and a size']],
  [
    'knows one mount path, and writes the configuration twice',
    [mended, 'another mount path is followed everywhere'],
    [mended, 'an init container that starts again writes the configuration anew'],
  ],
  ['names a library of one Python, and searches folders', [mended, 'no library of Flux is called by name']],
  ['lets sidecars wait for a socket elsewhere', [mended, 'a sidecar waits for the socket that the broker opens']],
  [
    'piles up mounts, in no order, and ignores commands',
    [mended, 'mounts stay with their container'],
    [objects, 'are the same each time'],
    [mended, 'commands of services and of unwrapped sidecars are run'],
  ],
  ['panics over a quantity, and mixes up ConfigMaps', [mended, 'a ConfigMap volume may be called anything']],
  ['sets an overhead, and drops security settings', [mended, 'the whole pod security context, node affinity without']],
  [
    'makes Services that the API refuses, or are another’s',
    [mended, 'several ports of a sidecar have names'],
    [scenarios, 'leaves a Service of someone else alone and says so'],
  ],
  ['mixes the labels of two kinds of pods', [mended, 'labels of the Job’s pods and of the service pod do not mix']],
  ['knows one interface and one domain', [mended, 'the address and the cluster’s domain are those of the pod']],
  ['pastes text into shell scripts', [shell, 'never runs a second command, whatever is written']],
  [
    'shows the secret key',
    [objects, 'keep the certificate in a Secret, mode 0400'],
    [scripts, 'never prints the certificate and keeps it to its owner'],
  ],
  ['has far too many rights', [stories, 'may do almost anything in the cluster: here every right is used']],
  [
    'serves its metrics at a port that is not there, and to everybody',
    [chart, 'is asked for by a ServiceMonitor when Prometheus’ operator is there'],
    [chart, 'lets those read the metrics who are named'],
  ],
  ['watches for nothing', [stories, 'watches Secrets, Ingresses and Jobs twice over']],
  ['prints objects without their defaults', [objects, 'have the names, labels and paths of the upstream operator']],
  ['makes an empty certificate', [mended, 'a certificate is never empty, and no two are alike']],
];

test.each(weaknesses.map(([what, ...tests], index) => ({ number: index + 1, what, tests })))(
  'weakness $number of upstream: it $what',
  ({ tests }) => {
    for (const [file, title] of tests) expect(readFileSync(join(root, file), 'utf8')).toContain(title);
  },
);

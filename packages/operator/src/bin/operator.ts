#!/usr/bin/env node
/** `operator`: the operator as a process. Options as flags, or as EBB_ and the flag's name in capitals. */
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { startOperator } from '../operator.ts';

const usage = `operator [OPTIONS]   (each option also as EBB_NAME in the environment)

  --kubeconfig FILE                   default: KUBECONFIG, the pod's service account, ~/.kube/config
  --namespaces A,B                    namespaces to watch (all)
  --leader-elect / --no-leader-elect  run only while holding the lease (true)
  --concurrency N                     MiniClusters worked on at once (8)
  --metrics-bind-address [HOST]:PORT  Prometheus metrics, 0 for none (:8080)
  --health-probe-bind-address [HOST]:PORT  /healthz and /readyz, 0 for none (:8081)
  --request-timeout SECONDS           of one request to the API server (30)
  --network-policy                    a NetworkPolicy for each MiniCluster (false)
  --cluster-domain DOMAIN             of the cluster's names, where pods cannot see it (cluster.local)
  --log-level LEVEL                   trace, debug, info, warn, error (info)
`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    kubeconfig: { type: 'string' },
    namespaces: { type: 'string' },
    'leader-elect': { type: 'boolean' },
    concurrency: { type: 'string' },
    'request-timeout': { type: 'string' },
    'metrics-bind-address': { type: 'string' },
    'health-probe-bind-address': { type: 'string' },
    'network-policy': { type: 'boolean' },
    'cluster-domain': { type: 'string' },
    'log-level': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

function text(
  name:
    | 'kubeconfig'
    | 'namespaces'
    | 'concurrency'
    | 'request-timeout'
    | 'metrics-bind-address'
    | 'health-probe-bind-address'
    | 'cluster-domain'
    | 'log-level',
): string | undefined {
  return values[name] ?? (process.env[`EBB_${name.toUpperCase().replaceAll('-', '_')}`] || undefined);
}

function flag(name: 'leader-elect' | 'network-policy', otherwise: boolean): boolean {
  const set = process.env[`EBB_${name.toUpperCase().replaceAll('-', '_')}`];
  return values[name] ?? (set ? set === 'true' : otherwise);
}

if (values.help) {
  process.stdout.write(usage);
} else {
  const log = pino({ name: 'ebb-operator', level: text('log-level') ?? 'info' });
  const concurrency = Number(text('concurrency') ?? 8);
  const requestTimeout = Number(text('request-timeout') ?? 30);
  const kubeconfig = text('kubeconfig');
  const clusterDomain = text('cluster-domain');
  try {
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw new Error('--concurrency: give a whole number of 1 or more');
    if (!(requestTimeout > 0)) throw new Error('--request-timeout: give a number of seconds above 0');
    const operator = await startOperator({
      ...(kubeconfig ? { kubeconfig } : {}),
      namespaces: (text('namespaces') ?? '').split(',').filter((each) => each !== ''),
      leaderElection: flag('leader-elect', true),
      concurrency,
      requestTimeoutMs: requestTimeout * 1000,
      metricsAddress: text('metrics-bind-address') ?? ':8080',
      healthAddress: text('health-probe-bind-address') ?? ':8081',
      networkPolicy: flag('network-policy', false),
      ...(clusterDomain ? { clusterDomain } : {}),
      log,
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info({ signal }, 'Stopping');
        void operator.stop().then(() => process.exit(0));
      });
    }
  } catch (error) {
    log.fatal({ err: error }, (error as Error).message);
    process.exitCode = 1;
  }
}

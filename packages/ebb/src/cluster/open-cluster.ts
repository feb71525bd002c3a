/** Which cluster a command means: the one named on the command line, else the local instance, else kubectl's own. */
import { statSync } from 'node:fs';
import type * as k8s from '@kubernetes/client-node';
import { isRunning, readRecord } from '../instance/instance-record.ts';
import { stateFolder } from '../instance/state-folder.ts';
import { commandName } from '../terminal/command-name.ts';
import { Cluster } from './cluster.ts';
import { KeptConnection } from './kept-connection.ts';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Name of a local instance. */
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * Opens the cluster that the options name: `--kubeconfig` or `--context` first, then a running local instance, then
 * `KUBECONFIG` and the user's own kubeconfig.
 * @throws Error when there is no cluster to talk to, with what to do
 */
export function openCluster(options: ClusterOptions): Cluster {
  const path = options.kubeconfig ?? (options.context ? undefined : localKubeconfig(options.name));
  return clusterOf(configFrom(path), options);
}

/**
 * Opens the cluster that kubectl would: for what is no business of a local instance's.
 * @throws Error when there is none, or it is a local instance, which has its operator already
 */
export function openForeignCluster(options: ClusterOptions): Cluster {
  const cluster = clusterOf(configFrom(options.kubeconfig), options);
  const record = readRecord(stateFolder().record);
  if (record && isRunning(record) && cluster.config.getCurrentCluster()?.server === record.url) {
    throw new Error(
      'this is the local instance, which has its operator: name another cluster with --kubeconfig or --context',
    );
  }
  return cluster;
}

function clusterOf(config: k8s.KubeConfig, options: ClusterOptions): Cluster {
  if (options.context) {
    if (!config.getContextObject(options.context)) {
      const known = isNone(config) ? [] : config.getContexts().map(({ name }) => name);
      throw new Error(`--context ${options.context}: no such context; there are ${known.join(', ') || 'none'}`);
    }
    config.setCurrentContext(options.context);
  }
  if (!config.getCurrentCluster() || isNone(config))
    throw new Error(`no cluster: start one here with "${commandName()} up", or name one with --kubeconfig`);
  return new Cluster(config);
}

/** The kubeconfig of the running local instance; undefined when it does not run. */
export function localKubeconfig(name?: string): string | undefined {
  const record = readRecord(stateFolder(name).record);
  if (record && isRunning(record)) return record.kubeconfigPath;
  if (name !== undefined)
    throw new Error(`no instance ${name} runs here; start it with: ${commandName()} up --name ${name}`);
  return undefined;
}

/** The kubeconfig of a file, or kubectl's own when no file is given. */
export function configFrom(path?: string): k8s.KubeConfig {
  const config = new KeptConnection();
  if (path === undefined) {
    loadDefault(config);
  } else {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) throw new Error(`--kubeconfig ${path}: no such file`);
    if (found.isDirectory()) throw new Error(`--kubeconfig ${path}: a folder; name the file in it`);
    config.loadFromFile(path);
  }
  return config;
}

/** @throws Error naming what `KUBECONFIG` names, where that is not there */
function loadDefault(config: k8s.KubeConfig): void {
  try {
    config.loadFromDefault();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      `KUBECONFIG ${process.env['KUBECONFIG']}: no such file; start a cluster here with "${commandName()} up", or name one with --kubeconfig`,
    );
  }
}

/** What the official client makes up where it finds no kubeconfig. */
function isNone(config: k8s.KubeConfig): boolean {
  return (
    config.getCurrentContext() === 'loaded-context' && config.getCurrentCluster()?.server === 'http://localhost:8080'
  );
}

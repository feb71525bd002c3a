// An instance of flux-core to compare ours with.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFlux } from './real-flux.ts';

export interface RealInstance {
  readonly uri: string;
  /** Shuts it down and removes what it left. */
  stop(): Promise<void>;
}

/** Starts `size` brokers of flux-core, on hosts `node0` and so on, each with four cores. Resolves when they run. */
export async function startRealInstance(flux: string, size: number): Promise<RealInstance> {
  const folder = mkdtempSync(join(tmpdir(), 'real-flux-'));
  const hosts = `node[0-${size - 1}]`;
  const toml = `[resource]\nnoverify = true\nconfig = [{ hosts = "${hosts}", cores = "0-3" }]\n`;
  writeFileSync(join(folder, 'config.toml'), toml);
  const args = [
    'start',
    `--test-size=${size}`,
    `--test-hosts=${hosts}`,
    `--test-rundir=${folder}`,
    `--config-path=${join(folder, 'config.toml')}`,
    'sleep',
    'inf',
  ];
  const child = spawn(flux, args, { stdio: 'ignore' });
  const uri = `local://${join(folder, 'local-0')}`;
  for (;;) {
    const { out } = await runFlux(flux, ['uptime'], uri);
    if (/ run /.test(out)) return { uri, stop: () => stop(flux, child, uri, folder) };
    if (child.exitCode !== null) throw new Error(`flux ${args.join(' ')} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stop(flux: string, child: ChildProcess, uri: string, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Killing `flux start` would leave its brokers behind.
  await runFlux(flux, ['shutdown', '--quiet'], uri);
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

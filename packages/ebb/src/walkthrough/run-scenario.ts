/** Types the steps of a scenario, shows what came back, and holds it against what is expected. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filledIn, type Memory, type Output, type Scenario, type Step } from './step.ts';

export interface StepRecord {
  readonly scenario: string;
  readonly title: string;
  readonly typed: string;
  /** What was typed in a second terminal before. */
  readonly beside?: string;
  readonly inPicture?: boolean;
  readonly lines: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly expected: readonly { readonly what: string; readonly seen: string | null }[];
  readonly ok: boolean;
  /** Time until everything expected was seen, in milliseconds. */
  readonly tookMs: number;
}

export interface RunOptions {
  /** Environment of the typed commands; its PATH finds kubectl, its KUBECONFIG the cluster. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folder in which manifests are written and commands run. */
  readonly folder: string;
  readonly onTyped?: (step: Step, typed: string) => void;
  readonly onStep?: (record: StepRecord) => void;
  readonly signal?: AbortSignal;
}

const leastPauseMs = 100;
const longestCommandMs = 60_000;

/** Runs a scenario; stops after the first step that fails. Returns a record of each step run. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<StepRecord[]> {
  const memory: Memory = new Map();
  const records: StepRecord[] = [];
  for (const step of scenario.steps) {
    options.signal?.throwIfAborted();
    const record = await runStep(scenario.name, step, memory, options);
    records.push(record);
    options.onStep?.(record);
    if (!record.ok) break;
  }
  return records;
}

async function runStep(scenario: string, step: Step, memory: Memory, options: RunOptions): Promise<StepRecord> {
  const typed = filledIn(step.type, memory);
  const lines = (step.lines ?? []).map((line) => filledIn(line, memory));
  if (step.manifest) {
    const path = join(options.folder, step.manifest.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, step.manifest.text);
  }
  options.onTyped?.(step, typed);
  const started = Date.now();
  const beside = step.beside === undefined ? undefined : await openBeside(filledIn(step.beside, memory), options);
  let once: Output | undefined;
  for (;;) {
    const typedAt = Date.now();
    once = beside && once ? once : await typeCommand(typed, lines, options);
    const output = beside ? { ...once, stdout: `${beside.text()}${once.stdout}` } : once;
    const expected = step.expect.map(({ what, check }) => ({ what, seen: check(output, memory) ?? null }));
    const ok = expected.every(({ seen }) => seen === null);
    const now = Date.now();
    const tookMs = now - started;
    if (ok || tookMs >= (step.withinMs ?? 0) || options.signal?.aborted) {
      if (ok) step.keep?.(output, memory);
      await beside?.close();
      return {
        scenario,
        title: step.title,
        typed,
        ...(step.beside ? { beside: step.beside } : {}),
        ...(step.inPicture ? { inPicture: true } : {}),
        lines,
        ...output,
        expected,
        ok,
        tookMs,
      };
    }
    // As long as the command took, so that typing it again and again does not keep what it waits for from its work.
    await new Promise((resolve) => setTimeout(resolve, Math.max(leastPauseMs, now - typedAt)));
  }
}

interface Beside {
  text(): string;
  close(): Promise<void>;
}

/** Starts a command in a second terminal, and waits until it has shown something. */
async function openBeside(typed: string, options: RunOptions): Promise<Beside> {
  const child = spawn('bash', ['-c', `exec ${typed}`], {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const shown = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        resolve();
      });
    }
  });
  await Promise.race([shown, ended]);
  return {
    text: () => text,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs one command line in a shell, types `lines` into it, and collects what it prints. */
export function typeCommand(typed: string, lines: readonly string[], options: RunOptions): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', typed], {
      cwd: options.folder,
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: longestCommandMs,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}); // the command may end without reading what was typed
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ stdout, stderr, exitCode: code ?? (signal ? 128 : 1) }));
  });
}

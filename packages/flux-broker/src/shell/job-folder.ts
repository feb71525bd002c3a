// The directory of a job on one node, FLUX_JOB_TMPDIR: made before its tasks, with the files that the job brings, and
// removed after them.
import { mkdirSync, rm, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FluxError } from '@ebb/flux-client';
import { writeJobFiles } from './job-files.ts';
import type { ShellJob } from './shell-job.ts';

/** Its path. */
export function jobFolder(job: ShellJob, rundir: string): string {
  return join(rundir, `jobtmp-${job.shell}-${job.name}`);
}

/** Makes the directory. @throws FluxError */
export function makeJobFolder(job: ShellJob, rundir: string): string {
  const folder = jobFolder(job, rundir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw FluxError.of(error as NodeJS.ErrnoException, `error creating FLUX_JOB_TMPDIR: ${(error as Error).message}`);
  }
  const { files, batch } = job.jobspec.attributes.system as { files?: object; batch?: { script?: unknown } };
  if (files) writeJobFiles(folder, files as Parameters<typeof writeJobFiles>[1]);
  // The form in which batch scripts travelled before jobspecs had files.
  if (typeof batch?.script === 'string') writeFileSync(join(folder, 'script'), batch.script, { mode: 0o700 });
  return folder;
}

/** Nobody waits for it: on some file systems it takes longer than a short task. */
export function removeJobFolder(folder: string): void {
  rm(folder, { recursive: true, force: true }, () => {});
}

/** The words of a task's command, filled in; a bare batch script becomes a broker that runs it. */
export function taskWords(job: ShellJob, task: number, folder: string, render: (word: string) => string): string[] {
  const words = job.jobspec.tasks[0]!.command.map(render);
  const batch = job.jobspec.attributes.system['batch'] as { 'broker-opts'?: string[] } | undefined;
  const isBroker = words[0]!.split('/').at(-1) === 'flux' && (words[1] === 'broker' || words[1] === 'start');
  if (!batch || isBroker) return words;
  const broker = ['flux', 'broker', ...(batch['broker-opts'] ?? [])];
  return task === 0 ? [...broker, join(folder, 'script'), ...words.slice(1)] : broker;
}

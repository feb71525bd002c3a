/** From the options of a submission to its jobspec, its urgency and its flags. */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import type { SubmitOptions } from '@ebb/flux-client';
import {
  buildJobspec,
  FormatError,
  filterEnvironment,
  filterRlimits,
  Idset,
  type Jobspec,
  type JobspecFile,
  JobspecOptionError,
  type JobspecOptions,
  parseAddFile,
  parseConstraintSyntax,
  parseJson,
  parseKeyValue,
  parseSchemeUri,
  parseSignalOption,
  parseTimeLimit,
} from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { processLimits } from './process-limits.ts';

/** Values of the options as the person wrote them. */
export interface SubmissionValues {
  readonly bank?: string;
  readonly queue?: string;
  readonly 'time-limit'?: string;
  readonly urgency: string;
  readonly 'job-name'?: string;
  readonly setopt?: readonly string[];
  readonly setattr?: readonly string[];
  readonly 'add-file'?: readonly string[];
  readonly dependency?: readonly string[];
  readonly requires?: readonly string[];
  readonly env?: readonly string[];
  readonly rlimit?: readonly string[];
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly unbuffered?: boolean;
  readonly 'label-io'?: boolean;
  readonly cwd?: string;
  readonly flags?: readonly string[];
  readonly signal?: string;
  readonly 'dry-run'?: boolean;
  readonly quiet?: boolean;
  readonly taskmap?: string;
  readonly nodes?: string;
  readonly exclusive?: boolean;
  readonly ntasks?: string;
  readonly 'cores-per-task'?: string;
  readonly 'gpus-per-task'?: string;
  readonly cores?: string;
  readonly 'tasks-per-node'?: string;
  readonly 'tasks-per-core'?: string;
  readonly 'gpus-per-node'?: string;
  readonly 'resources-json'?: string;
  readonly 'resources-shape'?: string;
}

/** @throws CommandError in flux's words when options are wrong or do not go together */
export function jobspecOf(values: SubmissionValues, words: readonly string[]): Jobspec {
  const command = words[0] === '--' ? words.slice(1) : [...words];
  return inFluxWords(() => {
    if (words.length === 0) throw new JobspecOptionError('job command and arguments are missing');
    const count = (name: keyof SubmissionValues) => readCount(name, values[name] as string | undefined);
    const jobspec = buildJobspec({
      ...commonJobspecOptions(values),
      command,
      nodes: count('nodes') || undefined,
      tasks: count('ntasks') || undefined,
      coresPerTask: count('cores-per-task') || undefined,
      gpusPerTask: count('gpus-per-task'),
      cores: count('cores'),
      tasksPerNode: count('tasks-per-node'),
      tasksPerCore: count('tasks-per-core'),
      gpusPerNode: count('gpus-per-node'),
    });
    return withOwnResources(jobspec, values);
  });
}

/** Runs what may say that options are wrong, and says it as the command's error. */
export function inFluxWords<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof JobspecOptionError || error instanceof FormatError) throw new CommandError(error.message);
    throw error;
  }
}

/** What all submissions have but resources and command. */
export function commonJobspecOptions(values: Omit<SubmissionValues, 'nodes'>): Omit<JobspecOptions, 'command'> {
  const { environment, templates } = filterEnvironment(values.env ?? [], process.env, (path) =>
    readFileSync(path.replace(/^~(?=\/|$)/, homedir()), 'utf8').split('\n'),
  );
  return {
    exclusive: values.exclusive,
    duration: values['time-limit'] === undefined ? undefined : readTimeLimit(values['time-limit']),
    environment,
    environmentTemplates: templates,
    rlimits: filterRlimits(values.rlimit ?? [], processLimits()),
    cwd: values.cwd ?? process.cwd(),
    name: values['job-name'],
    queue: values.queue,
    bank: values.bank,
    input: values.input === undefined || isIdset(values.input) ? undefined : values.input,
    output: values.output,
    error: values.error,
    labelIo: values['label-io'],
    unbuffered: values.unbuffered,
    signal: values.signal ? parseSignalOption(values.signal) : undefined,
    taskmap: values.taskmap === undefined ? undefined : parseSchemeUri(values.taskmap, 'taskmap'),
    dependencies: values.dependency?.map(parseDependency),
    constraint: values.requires ? parseRequires(values.requires.join(' ')) : undefined,
    shellOptions: keyValues('--setopt', values.setopt ?? []),
    attributes: keyValues('--setattr', values.setattr ?? []),
    files: Object.fromEntries((values['add-file'] ?? []).map(readFileArgument)),
  };
}

export function isIdset(text: string): boolean {
  try {
    Idset.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Urgency and flags. @throws CommandError for an unknown flag or an urgency that is no number */
export function submitOptionsOf(values: Pick<SubmissionValues, 'flags' | 'urgency'>): SubmitOptions {
  const flags = (values.flags ?? []).flatMap((text) => text.split(','));
  const unknown = flags.find((name) => !['debug', 'waitable', 'novalidate'].includes(name));
  if (unknown !== undefined) throw new CommandError(`--flags: Unknown flag ${unknown}`);
  const named: Readonly<Record<string, number>> = { default: 16, hold: 0, expedite: 31 };
  const urgency = named[values.urgency] ?? Number(values.urgency);
  if (!Number.isInteger(urgency) || values.urgency.trim() === '') {
    throw new CommandError(`invalid literal for int() with base 10: '${values.urgency}'`);
  }
  return {
    urgency,
    debug: flags.includes('debug'),
    waitable: flags.includes('waitable'),
    novalidate: flags.includes('novalidate'),
  };
}

function readTimeLimit(text: string): number {
  try {
    return parseTimeLimit(text);
  } catch (error) {
    if (error instanceof JobspecOptionError) throw new CommandError('invalid Flux standard duration');
    throw error;
  }
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new JobspecOptionError(`--${name}: invalid int value '${text}'`);
  return Number(text);
}

function parseDependency(uri: string): ReturnType<typeof parseSchemeUri> {
  const dependency = parseSchemeUri(uri, 'dependency');
  if (dependency.scheme === 'after') {
    process.stderr.write("dependency scheme 'after' is deprecated, use 'afterstart'\n");
  }
  return dependency;
}

function parseRequires(text: string): ReturnType<typeof parseConstraintSyntax> {
  try {
    return parseConstraintSyntax(text);
  } catch (error) {
    if (error instanceof FormatError) throw new CommandError(`--requires='${text}': ${error.message}`);
    throw error;
  }
}

function keyValues(option: string, texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map((text) => {
      const { key, value, fromFile } = parseKeyValue(text);
      return [key, fromFile ? readJson(option, String(value)) : value];
    }),
  );
}

function readJson(option: string, path: string): unknown {
  const text = readText(path);
  try {
    return parseJson(text);
  } catch (error) {
    throw new CommandError(`${option}: ${path}: ${(error as Error).message}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(fileError(error as NodeJS.ErrnoException, path));
  }
}

/** As Python tells that a file cannot be opened. */
export function fileError(error: NodeJS.ErrnoException, path: string): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'No such file or directory',
    EACCES: 'Permission denied',
    EISDIR: 'Is a directory',
    ENOTDIR: 'Not a directory',
  };
  return `${words[error.code ?? ''] ?? error.message}: '${path}'`;
}

const regularFile = 0o100000;

function readFileArgument(argument: string): [string, JobspecFile] {
  const { name, content, path, permissions } = parseAddFile(argument);
  if (content !== undefined) {
    return [name, { mode: regularFile | (permissions ?? 0o600), data: content, encoding: 'utf-8' }];
  }
  try {
    const status = lstatSync(path!);
    if (status.isSymbolicLink()) return [name, { mode: status.mode, data: readlinkSync(path!) }];
    if (status.isDirectory()) return [name, { mode: status.mode } as JobspecFile];
    const bytes = readFileSync(path!);
    const text = bytes.toString('utf8');
    const isText = Buffer.from(text, 'utf8').equals(bytes);
    const mode = permissions === undefined ? status.mode : regularFile | permissions;
    return [
      name || basename(path!),
      {
        mode,
        size: bytes.length,
        data: isText ? text : bytes.toString('base64'),
        encoding: isText ? 'utf-8' : 'base64',
      },
    ];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      `--add-file=${argument}: [Errno ${code === 'ENOENT' ? 2 : 13}] ${fileError(error as NodeJS.ErrnoException, path!)}`,
    );
  }
}

/** The jobspec with the resources that the person brings as they are. */
export function withOwnResources(
  jobspec: Jobspec,
  values: Pick<SubmissionValues, 'resources-shape' | 'resources-json'>,
): Jobspec {
  if (values['resources-shape'] !== undefined) {
    throw new CommandError('--resources-shape is not supported: write the resources as JSON for --resources-json');
  }
  if (values['resources-json'] === undefined) return jobspec;
  const resources = readJson('--resources-json', values['resources-json']) as Jobspec['resources'];
  return { ...jobspec, resources };
}

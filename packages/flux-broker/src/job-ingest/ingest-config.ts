// The [ingest] table of the configuration (flux-config-ingest(5)): what is done to a jobspec, and what it is held against.
import { FluxError } from '@ebb/flux-client';
import type { ConfigObject } from '../module.ts';

const frobnicators = ['defaults', 'constraints'] as const;
const validators = ['jobspec', 'feasibility', 'require-instance'] as const;

export type Frobnicator = (typeof frobnicators)[number];
export type Validator = (typeof validators)[number];

export interface IngestConfig {
  readonly frobnicators: readonly Frobnicator[];
  readonly validators: readonly Validator[];
  /** From what size on a job has to be an instance of Flux; 0 for any. */
  readonly instanceNodes: number;
  readonly instanceCores: number;
}

/** Cores for a node where only nodes are said, so that a job that asks for cores alone does not slip through. */
const coresOfNode = 16;

interface Stage {
  readonly disable?: boolean;
  readonly plugins?: readonly string[];
  readonly args?: readonly string[];
  readonly 'require-instance'?: { readonly minnodes?: number; readonly mincores?: number };
}

/** @throws FluxError EINVAL naming what is wrong with the table */
export function readIngestConfig(config: ConfigObject): IngestConfig {
  const {
    ingest = {},
    queues,
    policy,
  } = config as {
    ingest?: { frobnicator?: Stage; validator?: Stage };
    queues?: object;
    policy?: { jobspec?: { defaults?: object } };
  };
  const { frobnicator = {}, validator = {} } = ingest;
  const asked = pluginsOf('frobnicator', frobnicator, frobnicators);
  // Nothing is changed where the configuration says nothing of jobs.
  const isNeeded = (asked?.length ?? 0) > 0 || queues !== undefined || policy?.jobspec?.defaults !== undefined;
  const checks = pluginsOf('validator', validator, validators) ?? ['jobspec'];
  const options = validatorOptions(validator, checks);
  return {
    frobnicators: isNeeded && frobnicator.disable !== true ? (asked ?? frobnicators) : [],
    validators: validator.disable === true ? [] : checks,
    ...options,
  };
}

function pluginsOf<Name extends string>(
  stage: string,
  { plugins, disable }: Stage,
  known: readonly Name[],
): readonly Name[] | undefined {
  if (disable !== undefined && typeof disable !== 'boolean') {
    throw new FluxError('EINVAL', `error parsing [ingest.${stage}] config table: disable must be a boolean`);
  }
  if (plugins === undefined) return undefined;
  if (!isTextArray(plugins)) throw new FluxError('EINVAL', `error in [ingest.${stage}] plugins array`);
  for (const plugin of plugins) {
    if (!known.some((name) => name === plugin)) {
      throw new FluxError('EINVAL', `[ingest.${stage}] plugins: no plugin '${plugin}'; there is ${known.join(', ')}`);
    }
  }
  return plugins as readonly Name[];
}

function validatorOptions(stage: Stage, plugins: readonly Validator[]) {
  const { args = [], 'require-instance': table = {} } = stage;
  if (!isTextArray(args)) throw new FluxError('EINVAL', 'error in [ingest.validator] args array');
  let { minnodes = 0, mincores = 0 } = table;
  for (const arg of args.flatMap((words) => words.split(/[ ,]+/)).filter((word) => word !== '')) {
    const [, name, value = ''] = /^--([a-z-]+)=(.*)$/.exec(arg) ?? [];
    const isNumber = /^\d+$/.test(value);
    if (name === 'require-version' && plugins.includes('jobspec') && (value === '1' || value === 'any')) continue;
    if (name === 'require-instance-minnodes' && isNumber) minnodes = Number(value);
    else if (name === 'require-instance-mincores' && isNumber) mincores = Number(value);
    else throw new FluxError('EINVAL', `[ingest.validator] args: '${arg}' is not known to any plugin`);
  }
  if (!Number.isInteger(minnodes) || !Number.isInteger(mincores)) {
    throw new FluxError('EINVAL', '[ingest.validator.require-instance] minnodes and mincores must be integers');
  }
  return {
    instanceNodes: minnodes,
    instanceCores: minnodes > 0 && mincores === 0 ? coresOfNode * minnodes : mincores,
  };
}

function isTextArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

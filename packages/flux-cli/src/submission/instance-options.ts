/** The options by which batch and alloc describe the instance that is to start. */
import { Idset, type NestedJobspecOptions, setDotted } from '@ebb/flux-formats';
import type { PythonOption } from '../options/python-syntax.ts';
import { readInstanceConfig } from './instance-config.ts';
import { commonJobspecOptions, type SubmissionValues } from './submission.ts';

export interface InstanceValues extends Omit<SubmissionValues, 'nodes'> {
  readonly 'add-brokers': number;
  readonly conf?: readonly string[];
  readonly 'broker-opts'?: readonly string[];
  readonly dump?: string;
  readonly nslots?: number;
  readonly 'cores-per-slot': number;
  readonly 'gpus-per-slot'?: number;
  readonly nodes?: number;
}

export const instanceOptions: readonly PythonOption[] = [
  { flags: ['--add-brokers'], takes: 'one', type: 'int', default: 0 },
  {
    flags: ['--conf'],
    takes: 'append',
    shown: 'CONF',
    help: 'Set configuration for a child Flux instance. CONF may be a multiline string in JSON or TOML, a configuration key=value, a path to a JSON or TOML file, or a configuration loaded by name from a standard search path. This option may specified multiple times, in which case the config is iteratively updated.',
  },
  {
    flags: ['--broker-opts'],
    hiddenFlags: ['--broker-opt'],
    takes: 'append',
    shown: 'OPTS',
    help: 'Pass options to flux brokers',
  },
  {
    flags: ['--dump'],
    takes: 'optional',
    constant: 'flux-{{jobid}}-dump.tgz',
    shown: 'FILE',
    help: 'Archive KVS on exit',
  },
  {
    flags: ['-n', '--nslots'],
    takes: 'one',
    type: 'int',
    shown: 'N',
    help: 'Number of total resource slots requested. The size of a resource slot may be specified via the -c, --cores-per-slot and -g, --gpus-per-slot options. The default slot size is 1 core.',
  },
  {
    flags: ['-c', '--cores-per-slot'],
    takes: 'one',
    type: 'int',
    shown: 'N',
    default: 1,
    help: 'Number of cores to allocate per slot',
  },
  {
    flags: ['-g', '--gpus-per-slot'],
    takes: 'one',
    type: 'int',
    shown: 'N',
    help: 'Number of GPUs to allocate per slot',
  },
  {
    flags: ['-N', '--nodes'],
    takes: 'one',
    type: 'int',
    shown: 'N',
    help: 'Distribute allocated resource slots across N individual nodes',
  },
  { flags: ['-x', '--exclusive'], takes: 'flag', help: 'With -N, --nodes, allocate nodes exclusively' },
];

/** @throws JobspecOptionError, CommandError when the options are wrong */
export function nestedOptions(
  values: InstanceValues,
  command: readonly string[],
  brokerOptions: readonly string[] = [],
): NestedJobspecOptions {
  const { nodes, ...others } = values;
  const dump = values.dump === undefined ? [] : [`-Scontent.dump=${values.dump}`];
  const given = [...(values['broker-opts'] ?? []), ...dump, ...brokerOptions];
  const extra = values['add-brokers'];
  const config = readInstanceConfig(values.conf) ?? (extra > 0 ? {} : undefined);
  if (extra > 0 && nodes && config) excludeBrokers(config, extra);
  // The brokers beside the first of each node all run on the first.
  const taskmap =
    extra > 0 && nodes ? { scheme: 'manual', value: `[[0,1,${1 + extra},1],[1,${nodes - 1},1,1]]` } : undefined;
  return {
    ...commonJobspecOptions(others),
    ...(taskmap ? { taskmap } : {}),
    command,
    nodes: nodes || undefined,
    slots: values.nslots || undefined,
    coresPerSlot: values['cores-per-slot'] || undefined,
    gpusPerSlot: values['gpus-per-slot'],
    addBrokers: values['add-brokers'],
    brokerOptions: given.flatMap((text) => text.split(',')),
    config,
  };
}

// They get no jobs; what the person excludes stays so.
function excludeBrokers(config: Record<string, unknown>, extra: number): void {
  const excluded = (config['resource'] as { exclude?: string } | undefined)?.exclude ?? '';
  setDotted(config, 'resource.exclude', Idset.parse(excluded).union(Idset.range(1, extra)).toString());
}

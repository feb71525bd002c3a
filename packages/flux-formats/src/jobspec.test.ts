import { describe, expect, it } from 'vitest';
import { filterEnvironment, filterRlimits } from './environment-rules.ts';
import { countJobspec, type Jobspec, jobName } from './jobspec.ts';
import { buildBatchJobspec, buildJobspec, buildNestedJobspec } from './jobspec-build.ts';
import {
  JobspecOptionError,
  parseAddFile,
  parseKeyValue,
  parseSchemeUri,
  parseSignalOption,
  parseTimeLimit,
} from './jobspec-options.ts';
import { parseJobspec } from './jobspec-parse.ts';

const command = ['app'];
const good = () => buildJobspec({ command, nodes: 2, tasks: 4, coresPerTask: 2, gpusPerTask: 1 });

// What `flux submit -N2 sleep 300` sent, recorded from flux-core 0.88.
const recorded =
  '{"resources": [{"type": "node", "count": 2, "exclusive": true, "with": [{"type": "slot", "count": 1, "with": ' +
  '[{"type": "core", "count": 1}], "label": "task"}]}], "tasks": [{"command": ["sleep", "300"], "slot": "task", "count": ' +
  '{"per_slot": 1}}], "attributes": {"system": {"duration": 0, "cwd": "/", "shell": {"options": {"rlimit": {"cpu": -1}}}}}, ' +
  '"version": 1}';

describe('building', () => {
  it('makes what flux-core makes, in its order', () => {
    const built = buildJobspec({ command: ['sleep', '300'], nodes: 2, cwd: '/', rlimits: { cpu: -1 } });
    expect(JSON.stringify(built)).toBe(JSON.stringify(JSON.parse(recorded)));
  });

  it.each([
    [{}, { nnodes: 0, nslots: 1, slotSize: 1, gpusPerSlot: 0, ntasks: 1, exclusive: false }],
    [
      { tasks: 5, coresPerTask: 3 },
      { nnodes: 0, nslots: 5, slotSize: 3, ntasks: 5 },
    ],
    [{ nodes: 2 }, { nnodes: 2, nslots: 2, ntasks: 2, exclusive: true }],
    [
      { nodes: 2, tasks: 4 },
      { nnodes: 2, nslots: 4, ntasks: 4, exclusive: false },
    ],
    [
      { nodes: 2, tasks: 5 },
      { nnodes: 2, nslots: 6, ntasks: 5 },
    ],
    [
      { tasks: 2, gpusPerTask: 2 },
      { nslots: 2, gpusPerSlot: 2 },
    ],
    [{ cores: 6 }, { nnodes: 0, nslots: 6, slotSize: 1, ntasks: 6 }],
    [
      { cores: 6, nodes: 2 },
      { nnodes: 2, nslots: 2, slotSize: 3, exclusive: false },
    ],
    [
      { nodes: 2, tasksPerNode: 3 },
      { nnodes: 2, ntasks: 6, exclusive: true },
    ],
    [
      { cores: 4, tasksPerCore: 2 },
      { nslots: 4, ntasks: 8 },
    ],
    [
      { nodes: 2, tasksPerCore: 2 },
      { nnodes: 2, ntasks: undefined },
    ],
    [
      { nodes: 2, gpusPerNode: 4 },
      { nnodes: 2, gpusPerSlot: 4 },
    ],
  ])('%j asks for %j', (options, counts) => {
    const built = buildJobspec({ command, ...options });
    expect(countJobspec(parseJobspec(JSON.stringify(built)))).toMatchObject(counts);
  });

  it.each([
    [{ command: [] }, /missing/],
    [{ tasks: 0 }, /task count must be an integer >= 1/],
    [{ nodes: 3, tasks: 2 }, /node count must not be greater than task count/],
    [{ exclusive: true }, /exclusive can only be set with a node count/],
    [{ tasksPerNode: 1, tasksPerCore: 1, cores: 1 }, /both/],
    [{ gpusPerNode: 1 }, /--gpus-per-node requires --nodes/],
    [{ cores: 2, tasks: 2 }, /per-task options/],
    [{ cores: 3, nodes: 2 }, /evenly divisible/],
    [{ cores: 1, nodes: 2 }, /less than nnodes/],
    [{ duration: -1 }, /duration/],
    [{ shellOptions: { 'a.b': 1, a: 2, 'a.c': 1 } }, /failed to set/],
  ])('%j is refused', (options, message) => {
    expect(() => buildJobspec({ command, ...options })).toThrow(JobspecOptionError);
    expect(() => buildJobspec({ command, ...options })).toThrow(message);
  });

  it('puts details where the shell and the broker look for them', () => {
    const { system, user } = buildJobspec({
      command,
      duration: 90,
      name: 'n',
      queue: 'q',
      bank: 'b',
      environment: { A: '1' },
      environmentTemplates: { B: '{{id}}' },
      input: 'in',
      output: 'out',
      error: 'none',
      labelIo: true,
      unbuffered: true,
      signal: { signum: 15, timeleft: 60 },
      taskmap: { scheme: 'cyclic', value: '' },
      dependencies: [{ scheme: 'afterok', value: 'ƒ1' }],
      constraint: { properties: ['big'] },
      shellOptions: { verbose: 1, 'pty.capture': 2 },
      attributes: { note: 1, 'user.x': 2, '.system.y': 3, 'attributes.system.z': 4 },
    }).attributes;
    expect(system).toMatchObject({
      duration: 90,
      job: { name: 'n' },
      queue: 'q',
      bank: 'b',
      environment: { A: '1' },
      dependencies: [{ scheme: 'afterok', value: 'ƒ1' }],
      constraints: { properties: ['big'] },
      note: 1,
      y: 3,
      z: 4,
    });
    expect(system.shell!.options).toMatchObject({
      'env-expand': { B: '{{id}}' },
      input: { stdin: { type: 'file', path: 'in' }, 'batch-timeout': 0 },
      output: {
        stdout: { type: 'file', path: 'out', label: true, buffer: { type: 'none' } },
        stderr: { buffer: { type: 'none' } },
        'batch-timeout': 0.05,
      },
      signal: { signum: 15, timeleft: 60 },
      taskmap: { scheme: 'cyclic', value: '' },
      verbose: 1,
      pty: { capture: 2 },
    });
    expect(user).toEqual({ x: 2 });
  });

  it('makes instances in jobs', () => {
    const batch = buildBatchJobspec('#!/bin/sh\ntrue\n', { command: ['x'], nodes: 2, name: 's', config: { a: 1 } });
    expect(batch.tasks[0]!.command).toEqual(['flux', 'broker', '-c{{tmpdir}}/conf.json', '{{tmpdir}}/script', 'x']);
    expect(batch.attributes.system.files).toMatchObject({
      script: { mode: 0o100700, encoding: 'utf-8' },
      'conf.json': { data: { a: 1 } },
    });
    expect(batch.attributes.system.shell!.options).toEqual({
      'per-resource': { type: 'node' },
      mpi: 'none',
      'exit-timeout': 'none',
    });
    expect(countJobspec(parseJobspec(batch))).toMatchObject({ nnodes: 2, ntasks: 2, exclusive: true });
    const crowded = buildNestedJobspec({ command: [], nodes: 2, addBrokers: 1 });
    expect(countJobspec(parseJobspec(crowded))).toMatchObject({ nnodes: 2, nslots: 2, ntasks: 3 });
    expect(() => buildBatchJobspec('true', { command: [], nodes: 1 })).toThrow(/#!/);
    expect(() => buildNestedJobspec({ command: ['sh'] })).toThrow('Number of slots to allocate must be specified');
  });
});

describe('validation', () => {
  it('takes what it should', () => {
    expect(countJobspec(parseJobspec(recorded))).toMatchObject({ nnodes: 2, exclusive: true });
    const zeroGpus = good();
    zeroGpus.resources[0]!.with![0]!.with![1]!.count = 0;
    expect(countJobspec(parseJobspec(zeroGpus)).gpusPerSlot).toBe(0);
    expect([jobName(good()), jobName(buildJobspec({ command: ['/bin/x'] }))]).toEqual(['app', 'x']);
  });

  const slot = 'resources[0].with[0]';
  // biome-ignore lint/suspicious/noExplicitAny: each row spoils another part of the type
  it.each<[string, (spec: any) => unknown, string]>([
    ['another version', (j) => (j.version = 2), 'version'],
    ['no version', (j) => delete j.version, 'version'],
    ['a key too many', (j) => (j.more = 1), 'more'],
    ['no resources', (j) => delete j.resources, 'resources'],
    ['two resources', (j) => j.resources.push(j.resources[0]), 'resources'],
    ['a type unknown', (j) => (j.resources[0].type = 'smurf'), 'resources[0].type'],
    ['no nodes', (j) => (j.resources[0].count = 0), 'resources[0].count'],
    ['a range of nodes', (j) => (j.resources[0].count = { min: 1 }), 'resources[0].count'],
    ['nodes without slot', (j) => (j.resources[0].with = 2), 'resources[0].with'],
    ['core under node', (j) => (j.resources[0].with[0].type = 'core'), `${slot}.type`],
    ['node under slot', (j) => (j.resources[0].with[0].with[0].type = 'node'), `${slot}.with[0].type`],
    ['no core', (j) => j.resources[0].with[0].with.shift(), `${slot}.with`],
    ['cores twice', (j) => (j.resources[0].with[0].with[1].type = 'core'), `${slot}.with[1].type`],
    ['no cores', (j) => (j.resources[0].with[0].with[0].count = 0), `${slot}.with[0].count`],
    ['fewer gpus than none', (j) => (j.resources[0].with[0].with[1].count = -1), `${slot}.with[1].count`],
    ['half a core', (j) => (j.resources[0].with[0].with[0].count = 0.5), `${slot}.with[0].count`],
    ['a slot without label', (j) => delete j.resources[0].with[0].label, `${slot}.label`],
    ['an exclusive that is no boolean', (j) => (j.resources[0].exclusive = 1), 'resources[0].exclusive'],
    ['no tasks', (j) => (j.tasks = []), 'tasks'],
    ['no command', (j) => (j.tasks[0].command = []), 'tasks[0].command'],
    ['a command of numbers', (j) => (j.tasks[0].command = ['a', 1]), 'tasks[0].command[1]'],
    ['another slot', (j) => (j.tasks[0].slot = 'foo'), 'tasks[0].slot'],
    ['no count', (j) => (j.tasks[0].count = {}), 'tasks[0].count'],
    ['a count per resource', (j) => (j.tasks[0].count = { per_resource: { type: 'core' } }), 'tasks[0].count'],
    ['no task per slot', (j) => (j.tasks[0].count = { per_slot: 0 }), 'tasks[0].count.per_slot'],
    ['fewer tasks than nodes', (j) => (j.tasks[0].count = { total: 1 }), 'tasks[0].count.total'],
    ['no attributes', (j) => (j.attributes = null), 'attributes'],
    ['no duration', (j) => delete j.attributes.system.duration, 'attributes.system.duration'],
    ['a negative duration', (j) => (j.attributes.system.duration = -1), 'attributes.system.duration'],
    [
      'an environment of numbers',
      (j) => (j.attributes.system.environment = { A: 1 }),
      'attributes.system.environment.A',
    ],
    ['a dependency', (j) => (j.attributes.system.dependencies = [{}]), 'attributes.system.dependencies[0].scheme'],
    ['a constraint', (j) => (j.attributes.system.constraints = { x: [] }), 'attributes.system.constraints'],
    ['shell options', (j) => (j.attributes.system.shell = { options: [] }), 'attributes.system.shell.options'],
  ])('refuses %s and names the place', (_, spoil, path) => {
    const spec: Jobspec = good();
    spoil(spec);
    expect(() => parseJobspec(spec)).toThrow(expect.objectContaining({ path }));
  });

  it('says what is wrong in one line', () => {
    expect(() => parseJobspec('{')).toThrow(/jobspec.*is not JSON/);
    expect(() => parseJobspec({ ...good(), version: 2 })).toThrow('jobspec: version must be 1, found 2');
    expect(() => parseJobspec({})).toThrow('jobspec: version is missing: it must be 1');
  });
});

describe('option texts', () => {
  it('are read as flux-core reads them', () => {
    expect([parseTimeLimit('2'), parseTimeLimit('30s'), parseTimeLimit('1.5h')]).toEqual([120, 30, 5400]);
    expect(() => parseTimeLimit('x')).toThrow(JobspecOptionError);
    expect(parseSchemeUri('afterok:f12', 'dependency')).toEqual({ scheme: 'afterok', value: 'f12' });
    expect(parseSchemeUri('cyclic', 'taskmap')).toEqual({ scheme: 'cyclic', value: '' });
    expect(parseSchemeUri('string:a?n=1&v=x&v=y', 'dependency')).toEqual({
      scheme: 'string',
      value: 'a',
      n: 1,
      v: ['x', 'y'],
    });
    expect(() => parseSchemeUri(':x', 'dependency')).toThrow('Invalid dependency URI ":x"');
    expect(parseSignalOption('TERM@2m')).toEqual({ signum: 15, timeleft: 120 });
    expect(parseSignalOption('@30')).toEqual({ signum: 10, timeleft: 30 });
    expect(() => parseSignalOption('FOO')).toThrow("--signal=FOO: signal 'FOO' is invalid");
    expect(parseKeyValue('a.b={"x":1}')).toEqual({ key: 'a.b', value: { x: 1 }, fromFile: false });
    expect(parseKeyValue('a')).toEqual({ key: 'a', value: 1, fromFile: false });
    expect(parseKeyValue('^a=file')).toEqual({ key: 'a', value: 'file', fromFile: true });
    expect(parseAddFile('/a/b')).toEqual({ name: 'b', path: '/a/b' });
    expect(parseAddFile('n:0755=/a')).toEqual({ name: 'n', path: '/a', permissions: 0o755 });
    expect(parseAddFile('n=a\\nb')).toEqual({ name: 'n', content: 'a\nb' });
  });

  it('make the environment', () => {
    const rules = ['-X*', 'P=$P:/more', 'T={{id}}', 'D=$$x', '^file'];
    const current = { P: '/bin', XA: '1', XB: '2', KEEP: 'k' };
    const { environment, templates } = filterEnvironment(rules, current, () => ['XA', ' F=${KEEP}!', '']);
    expect(environment).toEqual({ P: '/bin:/more', KEEP: 'k', D: '$x', XA: '1', F: 'k!' });
    expect(templates).toEqual({ T: '{{id}}' });
    expect(filterEnvironment(['-/K|P/'], current, () => []).environment).toEqual({ XA: '1', XB: '2' });
    expect(() => filterEnvironment(['A=$NONE'], {}, () => [])).toThrow("--env: Variable 'NONE' not found in A=$NONE");
    expect(() => filterEnvironment(['^f'], {}, () => ['^f'])).toThrow(JobspecOptionError);
  });

  it('make the limits', () => {
    const current = { cpu: -1, core: 0, nofile: 1024, memlock: 64, nice: 0 };
    expect(filterRlimits([], current)).toEqual({ cpu: -1, core: 0, nofile: 1024 });
    expect(filterRlimits(['-*', 'NOFILE=5,core=unlimited'], current)).toEqual({ nofile: 5, core: -1 });
    expect(filterRlimits(['mem*'], current)).toMatchObject({ memlock: 64 });
    expect(() => filterRlimits(['foo=1'], current)).toThrow('Invalid rlimit "foo"');
    expect(() => filterRlimits(['foo'], current)).toThrow(JobspecOptionError);
  });
});

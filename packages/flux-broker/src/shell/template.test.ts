import { buildJobspec, Idset, printFluid, ResourceSet } from '@ebb/flux-formats';
import { describe, expect, it } from 'vitest';
import { shellJob } from './shell-job.ts';
import { isPerShell, isPerTask, renderTemplate } from './template.ts';

const id = 6_731_191_091_817_518n;
const jobspec = buildJobspec({ command: ['/usr/bin/my program', 'x'], nodes: 2, tasks: 4 });
const R = ResourceSet.ofHosts(['a', 'b'], Idset.parse('0-3'), Idset.parse('1'), 5).toJSON();
const job = shellJob({ id, userid: 1, jobspec, R }, 6);
const context = { job, tmpdir: '/run/job', task: { rank: 3, local: 1 } };

describe('renderTemplate', () => {
  it.each([
    ['{{id}} {{jobid}}', `${printFluid(id)} ${printFluid(id)}`],
    ['{{id.dec}}/{{jobid.words}}', `${id}/${printFluid(id, 'words')}`],
    ['{{name}}', 'my program'],
    ['{{nnodes}} {{ntasks}} {{size}}', '2 4 4'],
    ['{{tmpdir}}/x', '/run/job/x'],
    ['{{taskid}} {{task.id}} {{task.rank}} {{task.index}} {{task.localid}}', '3 3 3 1 1'],
    ['{{node.id}} {{node.name}} {{node.broker_rank}} {{node.ntasks}} {{node.taskids}}', '1 b 6 2 2-3'],
    ['{{node.cores}} {{node.ncores}} {{node.gpus}}', '0-3 4 1'],
    ['{{node.resources.cores}} {{node.resources}}', '0-3 {"ncores":4,"cores":"0-3","gpus":"1"}'],
    ['{{foo}} {{id.foo}} {{node.foo}} {{open', '{{foo}} {{id.foo}} {{node.foo}} {{open'],
    ['plain', 'plain'],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, context)).toBe(text);
  });

  it('leaves what a task has where there is none', () => {
    expect(renderTemplate('{{task.id}}', { job, tmpdir: '' })).toBe('{{task.id}}');
  });

  it('means another shell where one is named', () => {
    expect(renderTemplate('{{node.name}}', { ...context, shell: 0 })).toBe('a');
    expect(renderTemplate('{{node.name}}', { ...context, shell: 2 })).toBe('{{node.name}}');
  });
});

it('knows paths that differ by task and by shell', () => {
  expect(['{{taskid}}', '{{task.id}}', '{{id}}'].map(isPerTask)).toEqual([true, true, false]);
  expect(['{{node.id}}', '{{id}}'].map(isPerShell)).toEqual([true, false]);
});

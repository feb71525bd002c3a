// Templates in words, variables and paths of a job: `{{tmpdir}}`, `{{id.dec}}`, `{{task.id}}` (flux-shell(1), mustache
// templates). What is unknown stays as it stands.
import { fluidForms, jobName, printFluid } from '@ebb/flux-formats';
import type { ShellJob } from './shell-job.ts';
import type { Task } from './task.ts';

export interface TemplateContext {
  readonly job: ShellJob;
  /** The directory of the job on this node. */
  readonly tmpdir: string;
  /** Which shell `node.` means; default: this one. */
  readonly shell?: number;
  /** Where there is one, `task.` means it. */
  readonly task?: Pick<Task, 'rank' | 'local'> | undefined;
}

/** The text with all tags replaced that are known here. */
export function renderTemplate(template: string, context: TemplateContext): string {
  if (!template.includes('{{')) return template;
  return template.replace(/\{\{(.*?)\}\}/gs, (tag, name: string) => tagValue(name, context) ?? tag);
}

/** Whether a path differs from one task to the next. */
export function isPerTask(template: string): boolean {
  return /\{\{(task\.[^}]*|taskid)\}\}/.test(template);
}

/** Whether a path differs from one shell to the next. */
export function isPerShell(template: string): boolean {
  return /\{\{node\.[^}]*\}\}/.test(template);
}

function tagValue(name: string, context: TemplateContext): string | undefined {
  const { job, task, tmpdir } = context;
  if (name.startsWith('jobid')) return idIn(name.slice('jobid'.length), job);
  if (name.startsWith('id')) return idIn(name.slice('id'.length), job);
  switch (name) {
    case 'name':
      return jobName(job.jobspec);
    case 'nnodes':
      return String(job.ranks.length);
    case 'ntasks':
    case 'size':
      return String(job.taskCount);
    case 'tmpdir':
      return tmpdir;
    case 'taskid':
    case 'task.id':
    case 'task.rank':
      return task && String(task.rank);
    case 'task.index':
    case 'task.localid':
      return task && String(task.local);
    default:
      return name.startsWith('node.') ? nodeValue(name.slice('node.'.length), context) : undefined;
  }
}

function idIn(suffix: string, job: ShellJob): string | undefined {
  if (suffix === '') return job.name;
  const form = fluidForms.find((each) => `.${each}` === suffix);
  return form && printFluid(job.id, form);
}

function nodeValue(path: string, { job, shell = job.shell }: TemplateContext): string | undefined {
  const rank = job.ranks[shell];
  if (rank === undefined) return undefined;
  const tasks = job.taskmap.tasksOf(shell);
  const cores = job.allocation.cores(rank);
  const gpus = job.allocation.gpus(rank).toString();
  const resources = { ncores: cores.size, cores: cores.toString(), gpus };
  switch (path) {
    case 'id':
      return String(shell);
    case 'name':
      return job.allocation.host(rank);
    case 'broker_rank':
      return String(rank);
    case 'ntasks':
      return String(tasks.size);
    case 'taskids':
      return tasks.toString();
    case 'cores':
    case 'resources.cores':
      return resources.cores;
    case 'gpus':
    case 'resources.gpus':
      return gpus;
    case 'ncores':
    case 'resources.ncores':
      return String(resources.ncores);
    case 'resources':
      return JSON.stringify(resources);
    default:
      return undefined;
  }
}

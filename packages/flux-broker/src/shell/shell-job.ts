// A job as one of its shells sees it.
import { type Jobspec, printFluid, ResourceSet, type Taskmap, toFluid } from '@ebb/flux-formats';
import type { ShellStart } from './shell-messages.ts';
import { layOutTasks } from './task-layout.ts';

export interface ShellJob {
  readonly id: bigint;
  /** `ƒ…`, as people and tasks see it. */
  readonly name: string;
  readonly userid: number;
  readonly jobspec: Jobspec;
  readonly allocation: ResourceSet;
  readonly taskmap: Taskmap;
  /** Broker ranks of the job's shells, in order. */
  readonly ranks: readonly number[];
  /** Which of the shells this is. */
  readonly shell: number;
  /** Ranks of the tasks that run here. */
  readonly tasks: readonly number[];
  readonly taskCount: number;
  /** The service under which the job's shells can be asked: `UID-shell-fID`. */
  readonly service: string;
}

/** @throws FormatError, FluxError EINVAL for a request that does not make sense on `rank` */
export function shellJob(start: ShellStart, rank: number): ShellJob {
  const id = toFluid(start.id);
  const { jobspec } = start;
  const allocation = ResourceSet.parse(start.R);
  const { ranks, taskmap } = layOutTasks(jobspec, allocation);
  const shell = ranks.indexOf(rank);
  return {
    id,
    name: printFluid(id),
    userid: start.userid,
    jobspec,
    allocation,
    taskmap,
    ranks,
    shell,
    tasks: [...taskmap.tasksOf(shell)],
    taskCount: taskmap.taskCount,
    service: shellService(start.userid, id),
  };
}

/** The name of the service of a job's shells. */
export function shellService(userid: number, id: bigint): string {
  return `${userid}-shell-${printFluid(id, 'f58plain')}`;
}

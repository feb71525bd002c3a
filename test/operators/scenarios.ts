/** What users do to MiniClusters, each as a story that is told again and again on one operator, and how each ends. */
import type { User } from './user.ts';

export interface Scenario {
  readonly name: string;
  /** The fewest writes of the operator in it; with fewer the story was not told. */
  readonly atLeast: number;
  /** Reasons of the events that each telling brings, in alphabetical order. */
  readonly events: readonly string[];
  /** The MiniCluster of a telling. */
  miniCluster(round: number): string;
  /** What there has to be before the first telling. */
  begin?(user: User): Promise<void>;
  /** What there has to be before each telling. */
  prepare?(user: User, round: number): Promise<void>;
  /** Tells it to its end. */
  act(user: User, round: number): Promise<void>;
  /** What the operator must not have lived to see. */
  whileDead?(user: User, round: number): Promise<void>;
  /** What must hold at the end, beyond what holds for all. */
  holds?(user: User, round: number): Promise<void>;
  /** Back to where a telling begins. */
  back?(user: User, round: number): Promise<void>;
}

const numbered = (word: string) => (round: number) => `${word}-${round}`;
const always = (name: string) => () => name;

async function gone(user: User, name: string): Promise<void> {
  await user.until(`${name} is gone`, async () => {
    return !(await user.miniCluster(name)) && (await user.belongings(name)).length === 0;
  });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Each telling ran one job, and each of them ended well. */
async function keptJobs(user: User, name: string, round: number): Promise<void> {
  const jobs = (await user.flux(name, 'jobs -a -n -o "{result} {returncode}"')).split('\n');
  must(jobs.length === round && jobs.every((each) => each === 'COMPLETED 0'), `jobs were lost: ${jobs}`);
}

const creation: Scenario = {
  name: 'creation',
  atLeast: 6,
  events: [],
  miniCluster: numbered('made'),
  async act(user, round) {
    await user.apply(`made-${round}`, { size: 2, maxSize: 3, interactive: true });
    await user.settled(`made-${round}`, 2);
  },
  async holds(user, round) {
    const name = `made-${round}`;
    const belongings = (await user.belongings(name)).filter((each) => !each.startsWith('Pod '));
    const wanted = [`Secret ${name}-curve`, `ConfigMap ${name}-entrypoint`, `Service ${name}`, `Job ${name}`];
    must(belongings.join() === wanted.join(), `${name} has ${belongings}`);
  },
  back: (user, round) => user.delete(`made-${round}`),
};

const growth: Scenario = {
  name: 'growth',
  atLeast: 2,
  events: [],
  miniCluster: always('grows'),
  async begin(user) {
    await user.apply('grows', { size: 1, maxSize: 2, interactive: true });
    await user.settled('grows', 1);
  },
  async act(user) {
    await user.apply('grows', { size: 2, maxSize: 2, interactive: true });
    await user.settled('grows', 2);
  },
  back: (user) => growth.begin!(user),
};

const shrink: Scenario = {
  name: 'a shrink under a job',
  // The drain, the status that says so, the Job, the way back of the drain, the status.
  atLeast: 4,
  events: [],
  miniCluster: always('shrinks'),
  async begin(user) {
    await user.apply('shrinks', { size: 2, interactive: true });
    await user.settled('shrinks', 2);
  },
  async act(user, round) {
    await user.submit('shrinks', 2, `go-${round}`);
    await user.apply('shrinks', { size: 1, interactive: true });
    await user.until('the shrink waits for the job', async () => {
      const { status } = await user.miniCluster('shrinks');
      return status.drain?.ranks === '1';
    });
    must((await user.get('batch/v1', 'Job', 'shrinks')).spec.parallelism === 2, 'the Job shrank under a running job');
    user.openGate(`go-${round}`);
    await user.settled('shrinks', 1);
  },
  holds: (user, round) => keptJobs(user, 'shrinks', round),
  back: (user) => shrink.begin!(user),
};

const denial: Scenario = {
  name: 'a denial',
  atLeast: 3,
  events: ['ResizeDenied'],
  miniCluster: always('denies'),
  async begin(user) {
    await user.apply('denies', { size: 1, interactive: true });
    await user.settled('denies', 1);
  },
  async act(user, round) {
    await user.apply('denies', { size: 1 + round, interactive: true });
    await user.until('it is denied', async () => {
      const { status } = await user.miniCluster('denies');
      const denied = status.conditions.find(({ type }: { type: string }) => type === 'ResizeDenied');
      return denied.status === 'True' && status.lastResize.to === 1 + round;
    });
    await user.settled('denies', 1);
  },
};

const capacity: Scenario = {
  name: 'growth past the first maximum',
  atLeast: 4,
  events: [],
  miniCluster: always('opens'),
  async begin(user) {
    await user.apply('opens', { size: 1, maxSize: 1, interactive: true, scaling: { capacity: 3 } });
    await user.settled('opens', 1);
  },
  async act(user, round) {
    await user.submit('opens', 1, `go-${round}`);
    await user.apply('opens', { size: 2, maxSize: 2, interactive: true, scaling: { capacity: 3 } });
    await user.settled('opens', 2);
    await user.until('Flux knows of the second', async () => {
      return (await user.flux('opens', 'resource list -n -s all -o "{nnodes}"')) === '2';
    });
    user.openGate(`go-${round}`);
  },
  async holds(user, round) {
    await user.until('the jobs have ended', async () => {
      return (await user.flux('opens', 'jobs -n -o "{id}"')) === '';
    });
    await keptJobs(user, 'opens', round);
  },
  back: (user) => capacity.begin!(user),
};

const end: Scenario = {
  name: 'the end of a program',
  atLeast: 6,
  events: ['Failed'],
  miniCluster: numbered('ends'),
  async act(user, round) {
    const name = `ends-${round}`;
    const command = `sh -c 'echo ran >> /gate/${name}; exit 3'`;
    await user.apply(name, { size: 1, containers: [{ image: 'rockylinux:9', launcher: true, command }] });
    await user.until('the program has ended', async () => {
      const { status } = await user.miniCluster(name);
      const job = await user.get('batch/v1', 'Job', name);
      const failed = job?.status.conditions?.find(({ type }: { type: string }) => type === 'Failed');
      return status?.phase === 'Failed' && status.program.exitCode === 3 && failed?.status === 'True';
    });
  },
  async holds(user, round) {
    const ran = user.written(`ends-${round}`);
    must(ran === 'ran\n', `the program ran: ${JSON.stringify(ran)}`);
    const pods = await user.pods(`ends-${round}`);
    must(pods.get('0')?.length === 1, `pods: ${JSON.stringify([...pods])}`);
  },
  back: (user, round) => user.delete(`ends-${round}`),
};

const cleanup: Scenario = {
  name: 'cleanup',
  atLeast: 6,
  events: ['Succeeded'],
  miniCluster: numbered('cleans'),
  async act(user, round) {
    const name = `cleans-${round}`;
    const command = `sh -c 'echo ran >> /gate/${name}'`;
    await user.apply(name, { size: 1, cleanup: true, containers: [{ image: 'rockylinux:9', command }] });
    await gone(user, name);
  },
  async holds(user, round) {
    const ran = user.written(`cleans-${round}`);
    must(ran === 'ran\n', `the program ran: ${JSON.stringify(ran)}`);
  },
};

const deletion: Scenario = {
  name: 'a deletion that the operator does not see',
  atLeast: 4,
  events: [],
  miniCluster: numbered('goes'),
  async act(user, round) {
    await user.apply(`goes-${round}`, { size: 1, interactive: true });
    // The operator may be killed, and it deleted, after any write on the way.
    await user.until(
      'it is gone or has settled',
      async () => !(await user.miniCluster(`goes-${round}`)) || (await user.isSettled(`goes-${round}`, 1)),
    );
    await user.delete(`goes-${round}`);
    await gone(user, `goes-${round}`);
  },
  whileDead: (user, round) => user.delete(`goes-${round}`),
};

const suspension: Scenario = {
  name: 'suspension',
  atLeast: 2,
  events: ['Suspended'],
  miniCluster: numbered('sleeps'),
  async prepare(user, round) {
    await user.apply(`sleeps-${round}`, { size: 1, interactive: true });
    await user.settled(`sleeps-${round}`, 1);
  },
  async act(user, round) {
    const name = `sleeps-${round}`;
    await user.apply(name, { size: 1, interactive: true, scaling: { suspend: true } });
    await suspended(user, name);
  },
  back: (user, round) => user.delete(`sleeps-${round}`),
};

const resumption: Scenario = {
  name: 'resumption',
  atLeast: 4,
  events: ['Resumed'],
  miniCluster: numbered('wakes'),
  async prepare(user, round) {
    // Made so: a Job that was suspended with pods is slow to start them again.
    await user.apply(`wakes-${round}`, { size: 1, interactive: true, scaling: { suspend: true } });
    await suspended(user, `wakes-${round}`);
  },
  async act(user, round) {
    await user.apply(`wakes-${round}`, { size: 1, interactive: true, scaling: { suspend: false } });
    await user.settled(`wakes-${round}`, 1);
  },
  back: (user, round) => user.delete(`wakes-${round}`),
};

async function suspended(user: User, name: string): Promise<void> {
  await user.until(`${name} is suspended`, async () => {
    const { status } = (await user.miniCluster(name)) ?? {};
    const pods = (await user.belongings(name)).filter((each) => each.startsWith('Pod '));
    return status?.phase === 'Suspended' && pods.length === 0;
  });
}

const services: Scenario = {
  name: 'services and sidecars',
  atLeast: 8,
  events: [],
  miniCluster: numbered('serves'),
  async act(user, round) {
    await user.apply(`serves-${round}`, {
      size: 1,
      interactive: true,
      containers: [
        { image: 'rockylinux:9', runFlux: true },
        { image: 'rockylinux:9', name: `side-${round}`, command: 'exec sleep 3600', ports: [80, 81] },
      ],
      services: [{ image: 'rockylinux:9', name: 'registry', command: 'exec sleep 3600' }],
    });
    await user.settled(`serves-${round}`, 1);
    await user.until('the service pod runs', async () => {
      return (await user.get('v1', 'Pod', `serves-${round}-services`))?.status.phase === 'Running';
    });
  },
  async holds(user, round) {
    const found = await user.belongings(`serves-${round}`);
    const services = found.filter((each) => each.startsWith('Service '));
    must(services.join() === `Service serves-${round},Service side-${round}`, `Services: ${services}`);
    must(found.filter((each) => each.endsWith('-services')).length === 1, `belongings: ${found}`);
  },
  back: (user, round) => user.delete(`serves-${round}`),
};

const autoscaling: Scenario = {
  name: 'autoscaling',
  atLeast: 7,
  events: ['Autoscaled', 'Autoscaled'],
  miniCluster: always('follows'),
  async begin(user) {
    const scaling = { autoscale: { minSize: 1, idleSeconds: 1 } };
    await user.apply('follows', { size: 1, maxSize: 2, interactive: true, scaling });
    await user.settled('follows', 1);
  },
  async act(user, round) {
    await user.submit('follows', 2, `go-${round}`);
    await user.until('the job runs', async () => {
      const { status } = await user.miniCluster('follows');
      return status.size === 2 && status.nodes?.allocated === 2;
    });
    user.openGate(`go-${round}`);
    await user.settled('follows', 1);
  },
  holds: (user, round) => keptJobs(user, 'follows', round),
};

export const scenarios: readonly Scenario[] = [
  creation,
  growth,
  shrink,
  denial,
  capacity,
  end,
  cleanup,
  deletion,
  suspension,
  resumption,
  services,
  autoscaling,
];

import { type CorpusRequest, strategicPatch } from '../../corpus-request.ts';
import { change, container, goes, inNamespace, post } from './kind-requests.ts';
import { hardened, securedPods } from './secured-pods.ts';

const labels = (modes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(modes).map(([mode, value]) => [`pod-security.kubernetes.io/${mode}`, value]));

/** Namespaces by the name of a level, and what their labels say. */
const spaces = {
  'ps-baseline': { enforce: 'baseline' },
  'ps-baseline-old': { enforce: 'baseline', 'enforce-version': 'v1.18' },
  'ps-restricted': { enforce: 'restricted' },
  'ps-restricted-old': { enforce: 'restricted', 'enforce-version': 'v1.24', 'warn-version': 'v1.7' },
  'ps-restricted-future': { enforce: 'restricted', 'enforce-version': 'v1.99', warn: 'privileged' },
  'ps-mixed': { enforce: 'baseline', warn: 'restricted', 'warn-version': 'v1.34', audit: 'restricted' },
  'ps-warned': { warn: 'baseline' },
  'ps-stricter': {},
} as const;
type Space = keyof typeof spaces;

const pathOf = (space: Space) => `/api/v1/namespaces/${space}`;
const opens = Object.entries(spaces).flatMap(([name, modes]): CorpusRequest[] => [
  post(`a namespace ${name}`, '/api/v1/namespaces', { metadata: { name, labels: labels(modes) } }),
  ...inNamespace(name)
    .opens.slice(1)
    .map((each) => ({ ...each, name: `${each.name} in ${name}` })),
]);
const names = Object.keys(spaces) as Space[];
const closes: readonly CorpusRequest[] = [
  ...names.map((name) => ({ ...goes(`the namespace ${name} goes`, pathOf(name)), ignoresBody: true })),
  ...names.map((name) => ({ name: 'it is gone', path: pathOf(name), until: 404 })),
];

const into = (space: Space, name: string, { metadata, spec }: { metadata?: object; spec: object }) =>
  post(`${name} in ${space}`, `${pathOf(space)}/pods?dryRun=All`, {
    metadata: { name: name.toLowerCase().replaceAll(' ', '-'), ...metadata },
    spec,
  });
const levels: readonly Space[] = ['ps-baseline', 'ps-baseline-old', 'ps-restricted', 'ps-restricted-old'];
const asked = Object.entries(securedPods).flatMap(([name, pod]) => levels.map((space) => into(space, name, pod)));
const some = (space: Space, ...names: (keyof typeof securedPods)[]) =>
  names.map((name) => into(space, name, securedPods[name] as { spec: object }));

const jobOf = (name: string, space: Space, spec: object, annotations: object = {}) =>
  post(`a Job: ${name} in ${space}`, `/apis/batch/v1/namespaces/${space}/jobs`, {
    metadata: { name },
    spec: {
      managedBy: 'example.com/nobody',
      template: { metadata: { annotations }, spec: { restartPolicy: 'Never', ...spec } },
    },
  });
const plain = { schedulerName: 'nobody', containers: [container] };
const stricter = `${pathOf('ps-stricter')}/pods`;
/** Two pods of one controller, which is there. */
const owned = (name: string) => ({
  name,
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '{owner}', controller: true }],
});
const relabelled = (name: string, modes: Record<string, string | null>, query = '') =>
  change(`labels: ${name}`, `${pathOf('ps-stricter')}${query}`, {
    metadata: { labels: labels(modes as Record<string, string>) },
  });

/** Namespaces whose labels hold pods to a level: what is refused, what is warned of, and in which words. */
export const podSecurityRequests: readonly CorpusRequest[] = [
  ...opens,
  {
    ...post('an owner in ps-stricter', `${pathOf('ps-stricter')}/configmaps`, { metadata: { name: 'owner' } }),
    capture: { owner: 'metadata.uid' },
  },
  post('a pod b in ps-stricter', stricter, { metadata: { name: 'b' }, spec: plain }),
  post('a pod a in ps-stricter', stricter, { metadata: owned('a'), spec: plain }),
  post('a pod c in ps-stricter', stricter, { metadata: owned('c'), spec: plain }),
  post('a pod d in ps-stricter', stricter, { metadata: { name: 'd' }, spec: hardened }),
  post('a pod e in ps-stricter', stricter, { metadata: { name: 'e' }, spec: { ...plain, hostPID: true } }),
  post('a pod f in ps-stricter', stricter, { metadata: { name: 'f' }, spec: { ...hardened, hostPID: true } }),
  post('a pod g in ps-stricter', stricter, { metadata: { name: 'g' }, spec: { ...hardened, hostPID: true } }),
  post('a pod of the host stays in ps-warned', `${pathOf('ps-warned')}/pods`, {
    metadata: { name: 'stays' },
    spec: { ...plain, hostPID: true },
  }),
  post('a pod stays in ps-mixed', `${pathOf('ps-mixed')}/pods`, { metadata: { name: 'stays' }, spec: plain }),
  ...asked,
  ...some('ps-restricted-future', 'all at once', 'an unmasked proc', 'user 0 in a user namespace', 'none of it'),
  ...some('ps-mixed', 'none of it', 'a plain pod', 'all at once', 'user 0 in a user namespace', 'paths of the host'),
  ...some('ps-warned', 'all at once', 'a plain pod'),
  ...some('ps-stricter', 'all at once'),
  post('generated in ps-restricted', `${pathOf('ps-restricted')}/pods`, {
    metadata: { generateName: 'generated-' },
    spec: plain,
  }),
  post('a bad pod in ps-restricted', `${pathOf('ps-restricted')}/pods`, {
    metadata: { name: 'bad' },
    spec: { ...plain, restartPolicy: 'Odd' },
  }),
  post('a pod of no account in ps-restricted', `${pathOf('ps-restricted')}/pods`, {
    metadata: { name: 'bad' },
    spec: { ...plain, serviceAccountName: 'nobody' },
  }),
  post('a pod of no priority in ps-restricted', `${pathOf('ps-restricted')}/pods`, {
    metadata: { name: 'bad' },
    spec: { ...plain, priorityClassName: 'nobody' },
  }),
  post('a pod of no runtime in ps-restricted', `${pathOf('ps-restricted')}/pods`, {
    metadata: { name: 'bad' },
    spec: { ...plain, runtimeClassName: 'nobody' },
  }),
  post('a pod warned of twice in ps-mixed', `${pathOf('ps-mixed')}/pods?dryRun=All`, {
    metadata: { name: 'a.b' },
    spec: { ...plain, nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
  }),
  post('a pod warned of and refused in ps-baseline', `${pathOf('ps-baseline')}/pods?dryRun=All`, {
    metadata: { name: 'a.b' },
    spec: { ...plain, hostPID: true },
  }),
  change('a label of a pod in ps-mixed', `${pathOf('ps-mixed')}/pods/stays`, {
    metadata: { labels: { a: 'b' } },
  }),
  {
    ...change('an image of a pod in ps-mixed', `${pathOf('ps-mixed')}/pods/stays`, {
      spec: { containers: [{ name: 'main', image: 'example.com/image:2' }] },
    }),
    headers: strategicPatch,
  },
  {
    ...change('a container that is attached in ps-mixed', `${pathOf('ps-mixed')}/pods/stays/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: 'late', image: 'i', securityContext: { privileged: true } }] },
    }),
    headers: strategicPatch,
  },
  {
    ...change('a container that is attached with a warning', `${pathOf('ps-mixed')}/pods/stays/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: 'late', image: 'i' }] },
    }),
    headers: strategicPatch,
  },
  jobOf('annotated', 'ps-restricted-old', plain, {
    'container.apparmor.security.beta.kubernetes.io/main': 'unconfined',
    'container.seccomp.security.alpha.kubernetes.io/main': 'unconfined',
  }),
  jobOf(
    'annotated-alike',
    'ps-restricted-old',
    { ...plain, securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } } },
    {
      'container.apparmor.security.beta.kubernetes.io/main': 'localhost/mine',
      'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
    },
  ),
  jobOf('plain', 'ps-restricted', plain),
  jobOf('plain', 'ps-mixed', plain),
  jobOf('plain', 'ps-baseline', plain),
  jobOf('of-the-host', 'ps-baseline', { ...plain, hostPID: true, hostNetwork: true }),
  jobOf('of-the-host', 'ps-restricted-future', { ...plain, hostPID: true, hostNetwork: true }),
  change('a label of a Job in ps-mixed', '/apis/batch/v1/namespaces/ps-mixed/jobs/plain', {
    metadata: { labels: { a: 'b' } },
  }),
  relabelled('baseline, for a trial', { enforce: 'baseline' }, '?dryRun=All'),
  relabelled('warned alone', { warn: 'restricted' }),
  relabelled('baseline', { enforce: 'baseline' }),
  relabelled('baseline as it was', { enforce: 'baseline', audit: 'restricted' }),
  relabelled('of another version', { 'enforce-version': 'v1.24' }),
  relabelled('restricted', { enforce: 'restricted', 'enforce-version': null }),
  relabelled('restricted of the first version', { 'enforce-version': 'v1.0' }),
  relabelled('baseline again', { enforce: 'baseline' }),
  {
    ...change('an image of a pod that was before', `${stricter}/e?dryRun=All`, {
      spec: { containers: [{ name: 'main', image: 'example.com/image:2' }] },
    }),
    headers: strategicPatch,
    until: 403,
  },
  change('a label of a pod that was before', `${stricter}/e`, { metadata: { labels: { a: 'b' } } }),
  relabelled('of no version that there is', { 'enforce-version': 'v1.99999999999999999999' }),
  relabelled('of no level that there is', { enforce: 'strict' }),
  relabelled('none', { enforce: null, 'enforce-version': null }),
  ...closes,
];

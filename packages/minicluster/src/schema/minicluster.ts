/**
 * The MiniCluster: one schema for v1alpha1 and v1alpha2, the source of the types, of the CRD, of its documentation and of
 * validation. Fields of v1alpha1 that v1alpha2 dropped are kept and folded into today's forms by `normalize`.
 */
import { z } from 'zod';
import { maxContainers, miniClusterContainer } from './container.ts';
import { fluxSpec } from './flux.ts';
import { atomic, int32, int64, rules, stringMap } from './kinds-of-value.ts';
import { podSpec } from './pod.ts';
import { scaling } from './scaling.ts';
import { miniClusterStatus } from './status.ts';
import { legacyVolume } from './volume.ts';

export const apiGroup = 'flux-framework.org';
export const kind = 'MiniCluster';
export const storedVersion = 'v1alpha2';

const runsFlux = 'self.containers.size() == 1 || (has(c.runFlux) && c.runFlux)';
const text = (path: string) => `has(${path}) && ${path} != ''`;

/** spec. */
export const miniClusterSpec = z
  .object({
    containers: z
      .array(miniClusterContainer)
      .max(maxContainers)
      .meta(atomic)
      .describe('The containers of each pod. Exactly one runs Flux.'),
    services: z
      .array(miniClusterContainer)
      .max(maxContainers)
      .meta(atomic)
      .optional()
      .describe('Containers of one more pod beside the cluster.'),
    size: int32()
      .default(1)
      .meta(
        rules({
          rule: 'self >= 1',
          message: 'size must be at least 1: to stop the pods set spec.scaling.suspend, to end the cluster delete it',
        }),
      )
      .describe(
        'How many pods, each with one broker, are wanted now. Change it at any time between 1 and the maximum.',
      ),
    maxSize: int32()
      .optional()
      .meta(
        rules({ rule: 'self >= 0', message: 'maxSize must not be negative: leave it out for a maximum equal to size' }),
      )
      .describe('The largest size. So many brokers are registered with Flux. Default: size.'),
    minSize: int32()
      .optional()
      .meta(
        rules({
          rule: 'self >= 0',
          message: 'minSize must not be negative: leave it out for a quorum of the first size',
        }),
      )
      .describe('How many brokers must be online for Flux to start (the quorum). Default: the first size.'),
    tasks: int32()
      .default(1)
      .meta(rules({ rule: 'self >= 0', message: 'tasks must not be negative: 0 asks for nodes only' }))
      .describe('Tasks of the submitted job. 0: one task per node. A later resize does not change them.'),
    interactive: z.boolean().default(false).describe('Start the brokers without a program and stay up.'),
    scaling: scaling.optional(),
    flux: fluxSpec.optional(),
    pod: podSpec.optional(),
    network: z
      .object({
        headlessName: z
          .string()
          .optional()
          .describe(
            'Name of the headless Service and the pods’ subdomain. Default: the MiniCluster’s name (v1alpha1: flux-service).',
          ),
        disableAffinity: z.boolean().optional().describe('Leave out the preference for one broker per node.'),
      })
      .optional()
      .describe('Names of the pods in the network.'),
    logging: z
      .object({
        quiet: z
          .boolean()
          .default(false)
          .describe('Only the output of the program; no words of the entrypoint and no log of the broker.'),
        strict: z.boolean().default(false).describe('The entrypoint stops at the first command that fails.'),
        debug: z.boolean().default(false).describe('Verbose submission.'),
        zeromq: z.boolean().default(false).describe('Log the events of the network sockets.'),
        timed: z.boolean().default(false).describe('Print how long the start and the submitted program took.'),
      })
      .optional()
      .describe('What the pods log.'),
    archive: z
      .object({
        path: z.string().optional().describe('A dump of Flux’s state that is restored at start, if it exists.'),
      })
      .optional()
      .describe('State to start from.'),
    jobLabels: stringMap().optional().describe('Labels of the Job.'),
    shareProcessNamespace: z.boolean().optional().describe('Let the containers of a pod see each other’s processes.'),
    cleanup: z.boolean().default(false).describe('Delete the MiniCluster when its program has ended.'),
    backoffLimit: int32()
      .optional()
      .meta(rules({ rule: 'self >= 0', message: 'backoffLimit must not be negative' }))
      .describe('How many lost pods are replaced before the Job gives up. Default (also for 0): 100.'),
    deadlineSeconds: int64()
      .default(31500000)
      .meta(rules({ rule: 'self >= 0', message: 'deadlineSeconds must not be negative: leave it out for a year' }))
      .describe('How long the Job may run, in seconds; then its pods are ended and the MiniCluster has failed.'),
    volumes: z
      .record(z.string(), legacyVolume)
      .meta({ maxProperties: 100 })
      .optional()
      .describe(
        'v1alpha1: storage that containers refer to by name. Write containers[].volumes instead. No storage is made any more: path and storageClass say what is mounted, the other fields have no effect.',
      ),
    users: z
      .array(
        z.object({
          name: z.string().describe('v1alpha1: name.'),
          password: z.string().optional().describe('v1alpha1: password.'),
        }),
      )
      .max(100)
      .meta(atomic)
      .optional()
      .describe('v1alpha1: users of the RESTful server. Has no effect any more.'),
    fluxRestful: z
      .object({
        branch: z.string().optional().describe('v1alpha1: branch of the server.'),
        port: int32().optional().describe('v1alpha1: port of the server.'),
        secretKey: z.string().optional().describe('v1alpha1: key for tokens.'),
        username: z.string().optional().describe('v1alpha1: name of the first user.'),
        token: z.string().optional().describe('v1alpha1: token of the first user.'),
      })
      .optional()
      .describe(
        'v1alpha1: settings of the RESTful server that an empty command started. Such a cluster is interactive now.',
      ),
    diagnostics: z
      .boolean()
      .optional()
      .describe('v1alpha1 before 2022-12: containers[].diagnostics. Has no effect any more.'),
    localDeploy: z.boolean().optional().describe('v1alpha1 before 2023-02. Has no effect any more.'),
    podLabels: stringMap().optional().describe('v1alpha1 before 2023-02: pod.labels.'),
  })
  .meta(
    rules(
      {
        rule: `self.containers.filter(c, ${runsFlux}).size() == 1`,
        message: 'exactly one container runs Flux: set runFlux on one of them, and on no other',
        fieldPath: '.containers',
      },
      {
        rule: `self.containers.all(c, ${runsFlux} || (${text('c.name')}))`,
        message: 'a container that does not run Flux needs a name',
        fieldPath: '.containers',
      },
      {
        rule: `self.containers.all(c, !(${runsFlux}) || !(${text('c.command')}) || !(has(c.commands) && ${text('c.commands.script')}))`,
        message: 'the Flux container has either command or commands.script: leave one of them out',
        fieldPath: '.containers',
      },
      {
        rule: `!has(self.services) || self.services.all(c, ${text('c.name')})`,
        message: 'each service needs a name',
        fieldPath: '.services',
      },
      {
        rule: `!has(self.services) || self.services.all(c, !has(c.commands) || (!(${text('c.commands.pre')}) && !(${text('c.commands.brokerPre')}) && !(${text('c.commands.workerPre')})))`,
        message: 'services take no commands.pre, brokerPre or workerPre: use commands.init or servicePre',
        fieldPath: '.services',
      },
      {
        rule: `!has(self.services) || self.services.all(c, !has(c.commands) || (${text('c.command')}) || (${text('c.commands.script')}) || (!(${text('c.commands.init')}) && !(${text('c.commands.servicePre')}) && !(${text('c.commands.post')})))`,
        message:
          'a service without command runs its image’s own entrypoint, around which commands cannot run: give it a command, or leave its commands out',
        fieldPath: '.services',
      },
      {
        rule: '!has(self.minSize) || !has(self.size) || self.minSize <= self.size',
        message: 'minSize must not be above size: lower minSize or raise size',
        fieldPath: '.minSize',
      },
      {
        rule: '!has(self.minSize) || !has(self.maxSize) || self.maxSize == 0 || self.minSize <= self.maxSize',
        message: 'minSize must not be above maxSize: lower minSize or raise maxSize',
        fieldPath: '.minSize',
      },
      {
        rule: '!has(self.maxSize) || self.maxSize == 0 || !has(self.size) || self.size <= self.maxSize || (has(oldSelf.maxSize) && oldSelf.maxSize == self.maxSize)',
        message: 'maxSize must not be below size: raise maxSize or lower size',
        fieldPath: '.maxSize',
      },
      {
        rule: '!has(self.scaling) || !has(self.scaling.capacity) || !has(self.maxSize) || self.maxSize <= self.scaling.capacity',
        message: 'maxSize must not be above scaling.capacity: so many hosts are registered, and no more can be',
        fieldPath: '.maxSize',
      },
    ),
  )
  .describe('What is wanted.');

/** The whole object, without the parts that Kubernetes owns. */
export const miniClusterObject = z
  .object({ spec: miniClusterSpec, status: miniClusterStatus.optional() })
  .meta(
    rules(
      {
        rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$')",
        message:
          'metadata.name becomes host names and a Service: at most 52 lower-case letters, digits and dashes, starting with a letter',
      },
      {
        rule: '!has(self.spec.maxSize) || self.spec.maxSize == 0 || !has(self.spec.size) || self.spec.size <= self.spec.maxSize || (has(self.status) && has(self.status.maximumSize) && self.status.maximumSize > 0)',
        message: 'maxSize must not be below size: raise maxSize or lower size',
        fieldPath: '.spec.maxSize',
      },
    ),
  )
  .describe('A Flux instance with one broker per pod, that grows and shrinks while it runs.');

export type MiniClusterSpec = z.input<typeof miniClusterSpec>;

/** Metadata of an object, as far as this package reads it. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  [key: string]: unknown;
}

/** A MiniCluster as the API server gives it. */
export interface MiniCluster {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: MiniClusterSpec;
  status?: z.input<typeof miniClusterStatus>;
}

/** Any Kubernetes object. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [key: string]: unknown;
}

/** One container of the pods (or of the service pod). */
import { z } from 'zod';
import { resourceRequirements, securityContext } from './core.ts';
import { atomic, int32, int64, rules, stringMap } from './kinds-of-value.ts';
import { containerVolume } from './volume.ts';

/** The most containers a MiniCluster may have; bounds the cost of the rules below. */
export const maxContainers = 32;

const commands = z
  .object({
    init: z.string().optional().describe('Shell code that runs first of all. In a service: before its command.'),
    pre: z
      .string()
      .optional()
      .describe('Shell code that runs after set-up on every rank, before the broker. Flux container only.'),
    brokerPre: z
      .string()
      .optional()
      .describe('Shell code that runs before the broker, on the lead broker only. Flux container only.'),
    workerPre: z
      .string()
      .optional()
      .describe('Shell code that runs before the broker, on all but the lead broker. Flux container only.'),
    post: z
      .string()
      .optional()
      .describe('Shell code that runs when the broker (or the command of a sidecar or a service) has ended.'),
    prefix: z
      .string()
      .optional()
      .describe(
        'Words to put before the program that Flux starts on the lead broker, such as a wrapper. Flux container only.',
      ),
    script: z
      .string()
      .optional()
      .describe(
        'A script to run in place of command. In the Flux container and in sidecars it is written through a shell here-document: write \\$ for a dollar sign that the script itself is to see.',
      ),
    servicePre: z
      .string()
      .optional()
      .describe('Shell code that runs before the command of a sidecar or a service. Not in the Flux container.'),
    runFluxAsRoot: z
      .boolean()
      .optional()
      .describe('v1alpha1: run Flux as root. Flux runs as the container’s own user now.'),
  })
  .describe('Shell code at the stations of the entrypoint. With noWrapEntrypoint only script is used.');

const secretReference = z.object({
  name: z.string().describe('Name of the Secret.'),
  key: z.string().describe('Key in the Secret.'),
});

const lifeCycle = z
  .object({
    postStartExec: z
      .string()
      .optional()
      .describe('A program that Kubernetes runs when the container has started; one word, no shell.'),
    preStopExec: z
      .string()
      .optional()
      .describe('A program that Kubernetes runs before the container is stopped; one word, no shell.'),
  })
  .describe('Hooks on start and stop of the container.');

/** containers[] and services[]. */
export const miniClusterContainer = z
  .object({
    image: z.string().default('ghcr.io/rse-ops/accounting:app-latest').describe('Container image.'),
    name: z
      .string()
      .optional()
      .describe(
        'Name of the container; needed unless it runs Flux. The Flux container is always named as the MiniCluster.',
      ),
    runFlux: z
      .boolean()
      .optional()
      .describe('This container runs the Flux broker. Exactly one does; a single container does by itself.'),
    command: z
      .string()
      .optional()
      .describe(
        'The program for Flux to run, as one line of words with quotes. Without one the cluster is interactive. In a sidecar or a service: its shell command; a service without one runs its image’s own entrypoint.',
      ),
    launcher: z
      .boolean()
      .optional()
      .describe(
        'The command submits its own jobs: it becomes the initial program of the lead broker instead of being submitted.',
      ),
    batch: z.boolean().optional().describe('Each line of command becomes a job, all of them in one batch job.'),
    batchRaw: z.boolean().optional().describe('With batch: the lines of command are the batch script as it stands.'),
    logs: z.string().optional().describe('Directory for the output of batch jobs. Default: /tmp/fluxout.'),
    noWrapEntrypoint: z
      .boolean()
      .optional()
      .describe(
        'Sidecar only: leave the image’s own entrypoint (or command) as it is, without the operator’s script around it.',
      ),
    workingDir: z.string().optional().describe('Working directory of the container.'),
    imagePullPolicy: z
      .enum(['Always', 'IfNotPresent', 'Never'])
      .optional()
      .describe('When the image is pulled: Always, IfNotPresent (default) or Never.'),
    pullAlways: z.boolean().default(false).describe('Pull the image always; wins over imagePullPolicy.'),
    imagePullSecret: z.string().optional().describe('Name of a Secret to pull the image with.'),
    ports: z
      .array(int32().min(1).max(65535))
      .max(100)
      .meta(atomic)
      .optional()
      .describe('TCP ports of the container. A sidecar’s ports get a Service too.'),
    environment: stringMap().optional().describe('Environment variables.'),
    secrets: z
      .record(z.string(), secretReference)
      .optional()
      .describe('Environment variables from Secrets: name of the variable to Secret and key.'),
    volumes: z
      .record(z.string(), containerVolume)
      .meta({ maxProperties: 100 })
      .optional()
      .describe('Volumes to mount, by name.'),
    existingVolumes: z
      .record(z.string(), containerVolume)
      .meta({ maxProperties: 100 })
      .optional()
      .describe('v1alpha1: volumes that exist already. Write them under volumes.'),
    lifeCycle: lifeCycle.optional(),
    resources: resourceRequirements.optional(),
    securityContext: securityContext.optional(),
    commands: commands.optional(),
    cores: int32()
      .optional()
      .describe('v1alpha1: cores of each node that Flux is told of. Default: as many as the container sees.'),
    diagnostics: z
      .boolean()
      .optional()
      .describe('v1alpha1: run Flux’s diagnostics and stay up. The cluster is interactive then.'),
    fluxUser: z
      .object({
        name: z.string().optional().describe('v1alpha1: name of the user.'),
        uid: int64().optional().describe('v1alpha1: id of the user.'),
      })
      .optional()
      .describe(
        'v1alpha1: the user that ran Flux. Flux runs as the container’s own user now; see securityContext.runAsUser.',
      ),
    preCommand: z.string().optional().describe('v1alpha1 before 2023-07: commands.pre.'),
    postStartExec: z.string().optional().describe('v1alpha1 before 2023-02: lifeCycle.postStartExec.'),
    fluxOptionFlags: z.string().optional().describe('v1alpha1 before 2023-05: spec.flux.optionFlags.'),
    fluxLogLevel: int32().optional().describe('v1alpha1 before 2023-05: spec.flux.logLevel.'),
  })
  .meta(
    rules({
      rule: '!(has(self.launcher) && self.launcher && has(self.batch) && self.batch)',
      message: 'launcher and batch exclude each other: leave one of them out',
      fieldPath: '.launcher',
    }),
  );

export type MiniClusterContainer = z.input<typeof miniClusterContainer>;

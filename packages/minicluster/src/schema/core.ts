/** Objects of core/v1 that a MiniCluster embeds; field by field as in the Kubernetes API, so that what is given reaches the pod whole. */
import { z } from 'zod';
import { atomic, int64, resourceList } from './kinds-of-value.ts';

const seLinuxOptions = z
  .object({
    level: z.string().optional().describe('SELinux level label.'),
    role: z.string().optional().describe('SELinux role label.'),
    type: z.string().optional().describe('SELinux type label.'),
    user: z.string().optional().describe('SELinux user label.'),
  })
  .describe('SELinux context of the processes.');

const seccompProfile = z
  .object({
    type: z.string().describe('Kind of profile: RuntimeDefault, Unconfined or Localhost.'),
    localhostProfile: z.string().optional().describe('File of the profile on the node; only with type Localhost.'),
  })
  .describe('Seccomp profile of the processes.');

const appArmorProfile = z
  .object({
    type: z.string().describe('Kind of profile: RuntimeDefault, Unconfined or Localhost.'),
    localhostProfile: z.string().optional().describe('Name of a profile loaded on the node; only with type Localhost.'),
  })
  .describe('AppArmor profile of the processes.');

const windowsOptions = z
  .object({
    gmsaCredentialSpec: z.string().optional().describe('Contents of the GMSA credential specification.'),
    gmsaCredentialSpecName: z.string().optional().describe('Name of the GMSA credential specification.'),
    hostProcess: z.boolean().optional().describe('Run as a host process container.'),
    runAsUserName: z.string().optional().describe('Windows user that runs the entrypoint.'),
  })
  .describe('Options for Windows containers.');

/** core/v1 ResourceRequirements. */
export const resourceRequirements = z
  .object({
    limits: resourceList().optional().describe('The most of each resource that the container may use.'),
    requests: resourceList().optional().describe('What the scheduler sets aside for the container.'),
    claims: z
      .array(
        z.object({
          name: z.string().describe('Name of an entry of the pod’s resourceClaims.'),
          request: z.string().optional().describe('A request of that claim; all of them when empty.'),
        }),
      )
      .max(64)
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
      .optional()
      .describe('Dynamic resource claims that the container uses.'),
  })
  .describe('Compute resources of the container (core/v1 ResourceRequirements).');

/** core/v1 SecurityContext, and the `addCapabilities` of v1alpha1 beside it. */
export const securityContext = z
  .object({
    allowPrivilegeEscalation: z
      .boolean()
      .optional()
      .describe('Whether a process may gain more rights than its parent.'),
    appArmorProfile: appArmorProfile.optional(),
    capabilities: z
      .object({
        add: z.array(z.string()).max(64).meta(atomic).optional().describe('Linux capabilities to add.'),
        drop: z.array(z.string()).max(64).meta(atomic).optional().describe('Linux capabilities to drop.'),
      })
      .optional()
      .describe('Linux capabilities of the container.'),
    privileged: z.boolean().optional().describe('Run the container with all rights of the host’s root.'),
    procMount: z.string().optional().describe('Kind of /proc mount: Default or Unmasked.'),
    readOnlyRootFilesystem: z.boolean().optional().describe('Mount the root file system read-only.'),
    runAsGroup: int64().optional().describe('Group id of the entrypoint.'),
    runAsNonRoot: z.boolean().optional().describe('Refuse to start the container as root.'),
    runAsUser: int64().optional().describe('User id of the entrypoint.'),
    seLinuxOptions: seLinuxOptions.optional(),
    seccompProfile: seccompProfile.optional(),
    windowsOptions: windowsOptions.optional(),
    addCapabilities: z
      .array(z.string())
      .max(64)
      .meta(atomic)
      .optional()
      .describe('v1alpha1: Linux capabilities to add. Write capabilities.add instead.'),
    fsGroup: int64()
      .optional()
      .describe('Early v1alpha2: group of the volumes. Write spec.pod.securityContext.fsGroup instead.'),
  })
  .describe('Security settings of the container (core/v1 SecurityContext).');

/** core/v1 PodSecurityContext. */
export const podSecurityContext = z
  .object({
    appArmorProfile: appArmorProfile.optional(),
    fsGroup: int64().optional().describe('Group that owns the volumes, added to every process.'),
    fsGroupChangePolicy: z
      .string()
      .optional()
      .describe('When ownership of a volume is changed: OnRootMismatch or Always.'),
    runAsGroup: int64().optional().describe('Group id of all entrypoints.'),
    runAsNonRoot: z.boolean().optional().describe('Refuse to start containers as root.'),
    runAsUser: int64().optional().describe('User id of all entrypoints.'),
    seLinuxChangePolicy: z.string().optional().describe('How volumes are relabelled: MountOption or Recursive.'),
    seLinuxOptions: seLinuxOptions.optional(),
    seccompProfile: seccompProfile.optional(),
    supplementalGroups: z.array(int64()).max(64).meta(atomic).optional().describe('More group ids of all processes.'),
    supplementalGroupsPolicy: z.string().optional().describe('How groups are worked out: Merge or Strict.'),
    sysctls: z
      .array(
        z.object({
          name: z.string().describe('Name of the kernel parameter.'),
          value: z.string().describe('Its value.'),
        }),
      )
      .max(64)
      .meta(atomic)
      .optional()
      .describe('Namespaced kernel parameters of the pod.'),
    windowsOptions: windowsOptions.optional(),
  })
  .describe('Security settings of the pods (core/v1 PodSecurityContext), copied whole.');

export type ResourceRequirements = z.input<typeof resourceRequirements>;
export type SecurityContext = z.input<typeof securityContext>;
export type PodSecurityContext = z.input<typeof podSecurityContext>;

/** How Flux is set up: spec.flux. */
import { z } from 'zod';
import { resourceRequirements, securityContext } from './core.ts';
import { atomic, int32, rules, stringMap } from './kinds-of-value.ts';

/** Name of the init container that brings Flux. */
export const defaultViewName = 'flux-view';

/** Image of the view: a build of Flux that is copied into the pods. */
export const defaultViewImage = 'ghcr.io/converged-computing/flux-view-ubuntu:tag-noble';

const fluxContainer = z
  .object({
    disable: z
      .boolean()
      .default(false)
      .describe('The application’s image has Flux itself; the init container only writes the configuration.'),
    name: z.string().default(defaultViewName).describe('Name of the init container and of its volume.'),
    image: z
      .string()
      .default(defaultViewImage)
      .describe('Image with a build of Flux; choose one of the application’s distribution.'),
    mountPath: z
      .string()
      .default('/mnt/flux')
      .describe('Where Flux and its configuration are mounted in the containers.'),
    workingDir: z.string().optional().describe('Working directory of the init container.'),
    pythonPath: z
      .string()
      .optional()
      .describe('PYTHONPATH for Flux’s Python bindings, when the one that is found is not right.'),
    pullAlways: z.boolean().default(false).describe('Pull the image always.'),
    imagePullSecret: z.string().optional().describe('Name of a Secret to pull the image with.'),
    resources: resourceRequirements.optional(),
    securityContext: securityContext.optional(),
  })
  .describe('The init container that brings Flux into the pods (the "view").');

const leadBroker = z
  .object({
    address: z.string().describe('Address of the lead broker that this cluster joins.'),
    name: z.string().describe('Name of the lead broker’s MiniCluster.'),
    size: int32().describe('Size of the lead broker’s MiniCluster.'),
    port: int32().default(8050).describe('Port of the lead broker.'),
  })
  .describe('The lead broker of another cluster that this one joins.');

const burstedCluster = z.object({
  name: z.string().optional().describe('Name of the cluster. Default: burst-N.'),
  size: int32().optional().describe('Its number of nodes. Default: this cluster’s size.'),
});

const bursting = z
  .object({
    leadBroker: leadBroker.optional(),
    hostlist: z.string().optional().describe('The whole hostlist, in place of a generated one. Excludes clusters.'),
    clusters: z
      .array(burstedCluster)
      .max(64)
      .meta(atomic)
      .optional()
      .describe('External clusters whose hosts are registered after this one’s.'),
  })
  .meta(
    rules({
      rule: "!(has(self.hostlist) && self.hostlist != '' && has(self.clusters) && size(self.clusters) > 0)",
      message: 'hostlist already names every host: leave out clusters, or leave out hostlist',
      fieldPath: '.hostlist',
    }),
  )
  .describe('Nodes outside of this cluster.');

/** spec.flux. */
export const fluxSpec = z
  .object({
    container: fluxContainer.optional(),
    arch: z.string().optional().describe('Architecture of the view. Kept for compatibility; the image decides.'),
    submitCommand: z.string().optional().describe('Words in place of "flux submit" when the command is submitted.'),
    wrap: z
      .string()
      .optional()
      .describe('Value of --wrap of flux start on the lead broker, such as strace,-e,network.'),
    connectTimeout: z
      .string()
      .default('5s')
      .describe('How long a broker tries to connect before it tries anew (tbon.connect_timeout).'),
    topology: z.string().optional().describe('Shape of the tree of brokers (tbon.topo), such as kary:16 or binomial.'),
    optionFlags: z.string().optional().describe('More options for flux submit and flux batch.'),
    logLevel: int32().default(6).describe('What the broker logs, from 0 (emergencies) to 7 (debugging).'),
    minimalService: z
      .boolean()
      .optional()
      .describe(
        'A Service for the lead broker alone in place of the headless one. The tree of brokers is flat then, since no other broker has a name.',
      ),
    disableSocket: z.boolean().optional().describe('Do not set the path of the broker’s socket.'),
    noWaitSocket: z.boolean().optional().describe('Sidecars do not wait for the broker’s socket.'),
    completeWorkers: z.boolean().optional().describe('A worker whose broker ends is complete and does not try again.'),
    curveCert: z
      .string()
      .optional()
      .describe('Text of the CURVE certificate of all brokers. One is made when empty. It is kept in a Secret.'),
    brokerConfig: z.string().optional().describe('Text of broker.toml in place of the generated one.'),
    mungeSecret: z.string().optional().describe('v1alpha1: Secret with a munge key. Munge is not used any more.'),
    curveCertSecret: z
      .string()
      .optional()
      .describe(
        'v1alpha1: Secret with the CURVE certificate under the key curve.cert, in place of the one the operator makes.',
      ),
    installRoot: z
      .string()
      .optional()
      .describe('v1alpha1: where Flux is installed in the image. The PATH decides now.'),
    scheduler: z
      .object({
        queuePolicy: z
          .string()
          .optional()
          .describe(
            'Queue policy of Fluxion: fcfs (default), easy, conservative or hybrid. Ebb’s own Flux knows fcfs and easy. Flux’s simple scheduler takes no heed of it.',
          ),
        simple: z
          .boolean()
          .optional()
          .describe('Keep Flux’s simple scheduler and do not load Fluxion; queuePolicy has no effect then.'),
      })
      .optional()
      .describe('The scheduler of the instance.'),
    environment: stringMap()
      .optional()
      .describe('Environment variables for people who enter the cluster by flux-view.sh.'),
    bursting: bursting.optional(),
  })
  .meta(
    rules({
      rule: "!(has(self.minimalService) && self.minimalService && has(self.topology) && !(self.topology in ['', 'kary:0']))",
      message: 'minimalService gives a name to the lead broker alone, so that the tree is flat: leave out topology',
      fieldPath: '.topology',
    }),
  )
  .describe('How Flux is set up.');

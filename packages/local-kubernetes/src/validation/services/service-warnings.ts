/** What the API server warns of in a Service it takes. Facts: k8s.io/kubernetes pkg/api/service/warnings.go. */
import { mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import type { JsonObject } from '../../schema/schema.ts';

const oldHints = 'service.kubernetes.io/topology-aware-hints';
const newHints = 'service.kubernetes.io/topology-mode';

export function serviceWarnings(service: JsonObject): string[] {
  const spec = mapAt(service, 'spec');
  const type = textAt(spec, 'type');
  const isHeadless = type === 'ClusterIP' && textAt(spec, 'clusterIP') === 'None';
  const hasOutside = textsAt(spec, 'externalIPs').length > 0;
  const ignored: readonly (readonly [isSaid: boolean, text: string])[] = [
    [isHeadless && textAt(spec, 'loadBalancerIP') !== '', 'spec.loadBalancerIP is ignored for headless services'],
    [isHeadless && hasOutside, 'spec.externalIPs is ignored for headless services'],
    [isHeadless && textAt(spec, 'sessionAffinity') !== 'None', 'spec.SessionAffinity is ignored for headless services'],
    [type === 'ExternalName' && hasOutside, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [
      type !== 'ExternalName' && textAt(spec, 'externalName') !== '',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
    [
      textAt(spec, 'trafficDistribution') === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ],
  ];
  const hasHints = mapAt(service, 'metadata.annotations')[oldHints] !== undefined;
  return [
    ...(hasHints ? [`annotation ${oldHints} is deprecated, please use ${newHints} instead`] : []),
    ...ignored.flatMap(([isSaid, text]) => (isSaid ? [text] : [])),
  ];
}

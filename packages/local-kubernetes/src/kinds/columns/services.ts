/** The columns of Services, Endpoints and EndpointSlices. */
import type { JsonObject } from '../../schema/schema.ts';
import type { PrinterColumn } from '../kind.ts';
import { ageColumn, column, nameColumn, wide } from './column.ts';
import { labelsText, listAt, mapAt, numberAt, textAt, textsAt } from './read.ts';

const shownEndpoints = 3;

function externalAddress(service: JsonObject): string {
  const given = textsAt(service, 'spec.externalIPs');
  switch (textAt(service, 'spec.type')) {
    case 'ClusterIP':
    case 'NodePort':
      return given.join(',') || '<none>';
    case 'LoadBalancer': {
      const ingress = listAt(service, 'status.loadBalancer.ingress').map(
        (entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'),
      );
      return [...ingress, ...given].join(',') || '<pending>';
    }
    case 'ExternalName':
      return textAt(service, 'spec.externalName');
    default:
      return '<unknown>';
  }
}

function servicePorts(service: JsonObject): string {
  const texts = listAt(service, 'spec.ports').map((port) => {
    const nodePort = numberAt(port, 'nodePort');
    return `${numberAt(port, 'port')}${nodePort > 0 ? `:${nodePort}` : ''}/${textAt(port, 'protocol')}`;
  });
  return texts.join(',') || '<none>';
}

export const serviceColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Type', (service) => textAt(service, 'spec.type')),
  column('Cluster-IP', (service) => textsAt(service, 'spec.clusterIPs')[0] ?? '<none>'),
  column('External-IP', externalAddress),
  column('Port(s)', servicePorts),
  ageColumn,
  wide('Selector', (service) => labelsText(mapAt(service, 'spec.selector'))),
];

function endpointsText(endpoints: JsonObject): string {
  const addresses: string[] = [];
  for (const subset of listAt(endpoints, 'subsets')) {
    const ips = listAt(subset, 'addresses').map((address) => textAt(address, 'ip'));
    const ports = listAt(subset, 'ports');
    if (ports.length === 0) addresses.push(...ips);
    for (const port of ports) addresses.push(...ips.map((ip) => hostPort(ip, numberAt(port, 'port'))));
  }
  return shorten(addresses, '<none>');
}

function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function shorten(texts: readonly string[], none: string): string {
  if (texts.length === 0) return none;
  const shown = texts.slice(0, shownEndpoints).join(',');
  return texts.length > shownEndpoints ? `${shown} + ${texts.length - shownEndpoints} more...` : shown;
}

export const endpointsColumns: readonly PrinterColumn[] = [nameColumn, column('Endpoints', endpointsText), ageColumn];

function slicePorts(slice: JsonObject): string {
  const texts = listAt(slice, 'ports').map((port) => {
    return textAt(port, 'port') || textAt(port, 'name') || '*';
  });
  return shorten(texts, '<unset>');
}

export const endpointSliceColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('AddressType', (slice) => textAt(slice, 'addressType')),
  column('Ports', slicePorts),
  column('Endpoints', (slice) =>
    shorten(
      listAt(slice, 'endpoints').flatMap((endpoint) => textsAt(endpoint, 'addresses')),
      '<unset>',
    ),
  ),
  ageColumn,
];

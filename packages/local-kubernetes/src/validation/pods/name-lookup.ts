/** How a pod looks up names, and how it is called itself. */
import { listAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required, tooLong } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { validateAddress } from '../addresses.ts';
import { named } from '../field-checks.ts';
import { isSearchDomain, isSubdomain } from '../names.ts';

const mostServers = 3;
const mostSearches = 32;
const longestSearches = 2048;
const longestHostname = 64;

export function validateDns(spec: JsonObject, path: string): FieldError[] {
  const config = spec['dnsConfig'];
  const isNone = spec['dnsPolicy'] === 'None';
  if (!isObject(config)) return isNone ? [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')] : [];
  const servers = textsAt(config, 'nameservers');
  if (isNone && servers.length === 0) {
    return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  const searches = textsAt(config, 'searches');
  const tooMuch = (what: string) => invalid(`${path}.searches`, searches, `must not have more than ${what}`);
  return [
    ...(servers.length > mostServers
      ? [invalid(`${path}.nameservers`, servers, `must not have more than ${mostServers} nameservers`)]
      : []),
    ...servers.flatMap((server, index) => validateAddress(server, `${path}.nameservers[${index}]`)),
    ...(searches.length > mostSearches ? [tooMuch(`${mostSearches} search paths`)] : []),
    ...(searches.join(' ').length > longestSearches
      ? [tooMuch(`${longestSearches} characters (including spaces) in the search list`)]
      : []),
    ...searches.flatMap((search, index) =>
      search === '.' ? [] : named(search.replace(/\.$/, ''), isSearchDomain, `${path}.searches[${index}]`),
    ),
    ...listAt(config, 'options').flatMap((option, index) =>
      textAt(option, 'name') ? [] : [required(`${path}.options[${index}]`, 'must not be empty')],
    ),
  ];
}

export function validateHostAliases(spec: JsonObject, path: string): FieldError[] {
  return listAt(spec, 'hostAliases').flatMap((alias, index) => [
    ...validateAddress(alias['ip'], `${path}[${index}].ip`),
    ...textsAt(alias, 'hostnames').flatMap((hostname, at) =>
      named(hostname, isSubdomain, `${path}[${index}].hostnames[${at}]`),
    ),
  ]);
}

export function validateHostname(spec: JsonObject, path: string): FieldError[] {
  const hostname = spec['hostnameOverride'];
  if (typeof hostname !== 'string') return [];
  return [
    ...(spec['setHostnameAsFQDN'] === true
      ? [forbidden(path, 'may not be specified when setHostnameAsFQDN is true')]
      : []),
    ...(spec['hostNetwork'] === true ? [forbidden(path, 'may not be specified when hostNetwork is true')] : []),
    ...(hostname.length > longestHostname ? [tooLong(path, longestHostname)] : []),
    ...named(hostname, isSubdomain, path),
  ];
}

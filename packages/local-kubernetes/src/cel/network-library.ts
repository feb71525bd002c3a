/** Addresses and networks in CEL: `ip('10.0.0.1').family() == 4`, `cidr('10.0.0.0/8').containsIP('10.1.2.3')`. */
import { BlockList, isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';
import type { AddFunction } from './add-function.ts';

class CelIp {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

class CelCidr {
  readonly address: string;
  readonly bits: number;
  constructor(address: string, bits: number) {
    this.address = address;
    this.bits = bits;
  }
}

class IpNamespace {}

const loopback = blocks(['127.0.0.0/8', '::1/128']);
const linkLocal = blocks(['169.254.0.0/16', 'fe80::/10']);
const linkLocalMulticast = blocks(['224.0.0.0/24', 'ff02::/16']);
const multicast = blocks(['224.0.0.0/4', 'ff00::/8']);

export function registerNetworks(environment: Environment, add: AddFunction): void {
  environment.registerType('net.IP', { ctor: CelIp, fields: {} } as never);
  environment.registerType('net.CIDR', { ctor: CelCidr, fields: {} } as never);
  environment.registerType('IpNamespace', IpNamespace);
  environment.registerConstant('ip', 'IpNamespace', new IpNamespace() as never);
  add('isIP(string): bool', (text: string) => isAddress(text));
  add('ip(string): net.IP', (text: string) => parseIp(text));
  add('IpNamespace.isCanonical(string): bool', (_: object, text: string) => canonical(parseIp(text).text) === text);
  add('net.IP.family(): int', ({ text }: CelIp) => BigInt(isIP(text)));
  add('net.IP.isUnspecified(): bool', ({ text }: CelIp) => ['0.0.0.0', '::'].includes(canonical(text)));
  add('net.IP.isLoopback(): bool', ({ text }: CelIp) => within(loopback, text));
  add('net.IP.isLinkLocalUnicast(): bool', ({ text }: CelIp) => within(linkLocal, text));
  add('net.IP.isLinkLocalMulticast(): bool', ({ text }: CelIp) => within(linkLocalMulticast, text));
  add('net.IP.isGlobalUnicast(): bool', ({ text }: CelIp) => {
    const isSpecial = ['0.0.0.0', '::', '255.255.255.255'].includes(canonical(text));
    return !isSpecial && !within(loopback, text) && !within(multicast, text) && !within(linkLocal, text);
  });
  environment.registerOperator(
    'net.IP == net.IP',
    ((a: CelIp, b: CelIp) => canonical(a.text) === canonical(b.text)) as never,
  );
  registerCidrs(add);
}

function registerCidrs(add: AddFunction): void {
  add('isCIDR(string): bool', (text: string) => readCidr(text) !== undefined);
  add('cidr(string): net.CIDR', (text: string) => parseCidr(text));
  add('net.CIDR.containsIP(string): bool', (cidr: CelCidr, text: string) => contains(cidr, parseIp(text).text));
  add('net.CIDR.containsIP(net.IP): bool', (cidr: CelCidr, { text }: CelIp) => contains(cidr, text));
  const containsCidr = (outer: CelCidr, inner: CelCidr) => inner.bits >= outer.bits && contains(outer, inner.address);
  add('net.CIDR.containsCIDR(string): bool', (outer: CelCidr, text: string) => containsCidr(outer, parseCidr(text)));
  add('net.CIDR.containsCIDR(net.CIDR): bool', containsCidr as never);
  add('net.CIDR.ip(): net.IP', ({ address }: CelCidr) => new CelIp(address));
  add('net.CIDR.prefixLength(): int', ({ bits }: CelCidr) => BigInt(bits));
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%') && !/^::ffff:\d+\./i.test(text);
}

function parseIp(text: string): CelIp {
  if (!isAddress(text)) throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  return new CelIp(text);
}

function readCidr(text: string): CelCidr | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isAddress(address) || !/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined;
  return Number(bits) <= (isIP(address) === 4 ? 32 : 128) ? new CelCidr(address, Number(bits)) : undefined;
}

function parseCidr(text: string): CelCidr {
  const cidr = readCidr(text);
  if (!cidr) throw new Error(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  return cidr;
}

function contains({ address, bits }: CelCidr, text: string): boolean {
  return isIP(address) === isIP(text) && within(blocks([`${address}/${bits}`]), text);
}

function blocks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address, bits] = cidr.split('/');
    list.addSubnet(address!, Number(bits), isIP(address!) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function within(list: BlockList, text: string): boolean {
  return list.check(text, isIP(text) === 4 ? 'ipv4' : 'ipv6');
}

/** The shortest lower-case form of an address. */
function canonical(text: string): string {
  if (isIP(text) !== 6) return text;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

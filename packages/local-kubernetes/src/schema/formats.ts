/** The string formats a CustomResourceDefinition may name and the API server checks; others are ignored. */

import { isIPv4, isIPv6 } from 'node:net';
import { parseGoTime } from './go-time.ts';
import { ownMember } from './own-member.ts';

const uuid = (version: string, variant: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i');

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const hostname = /^([a-zA-Z0-9_]|[a-zA-Z0-9_][a-zA-Z0-9_-]*[a-zA-Z0-9_])(\.[a-zA-Z0-9_][a-zA-Z0-9_-]*)*\.?$/;

const checks: Record<string, (text: string) => boolean> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: (text) => /^(\/|[a-zA-Z][a-zA-Z0-9+.-]*:)/.test(text) && !/[\s]/.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text.replace(/^.*<(.*)>$/, '$1')),
  hostname: (text) => text.length <= 255 && hostname.test(text) && text.split('.').every((part) => part.length <= 63),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: (text) => /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4,6}[0-9a-f]{2}|[0-9a-f]{4}(\.[0-9a-f]{4}){2,3})$/i.test(text),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  uuid3: (text) => uuid('3', '[0-9a-f]').test(text),
  uuid4: (text) => uuid('4', '[89ab]').test(text),
  uuid5: (text) => uuid('5', '[89ab]').test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: (text) => /^[0-9 -]{13,23}$/.test(text) && luhn(text.replace(/[ -]/g, '')),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.test(text),
  byte: (text) => text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  password: () => true,
  date: (text) => typeof parseGoTime(`${text}T00:00:00Z`) !== 'string',
  duration: isDuration,
  datetime: isDateTime,
  'date-time': isDateTime,
  'k8s-short-name': (text) => text.length <= 63 && label.test(text),
  'k8s-long-name': (text) => text.length <= 253 && subdomain.test(text),
};

/** Whether the format is one the API server checks. */
export function isKnownFormat(format: string): boolean {
  return Object.hasOwn(checks, format);
}

export function matchesFormat(text: string, format: string): boolean {
  return ownMember(checks, format)?.(text) ?? true;
}

function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  if (rest.length > 0 || !bits || !/^\d{1,3}$/.test(bits)) return false;
  return (isIPv4(address!) && Number(bits) <= 32) || (isIPv6(address!) && Number(bits) <= 128);
}

function isDuration(text: string): boolean {
  if (/^[-+]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/.test(text))
    return true;
  if (/^[-+]?0$/.test(text)) return true;
  // A number with a unit somewhere in the text is enough; of the longest name of a unit the beginning is.
  const parts = [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)];
  if (parts.some(([, number]) => BigInt(number!) >= 2n ** 63n)) return false;
  return parts.some(([, , word]) =>
    /^((ns|us|µs|ms|s|m|h|hr|d|w|wk)$|(nano|micro|milli|sec|min|hour|day|week))/i.test(word!),
  );
}

function isDateTime(text: string): boolean {
  return typeof parseGoTime(text.replace('t', 'T').replace('z', 'Z')) !== 'string';
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, index) => total + (index + 1) * (digit === 'X' ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

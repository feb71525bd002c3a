/**
 * Signed job requests ("J"), RFC 39 with the header's key-value text of RFC 38: BASE64(header).BASE64(payload).SIGNATURE.
 * Only mechanism `none` is spoken, which the instance owner may use.
 */
import { FormatError } from './format-error.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export interface UnwrappedJobspec {
  jobspecText: string;
  userid: number;
}

export function wrapSigned(jobspecText: string, userid: number): string {
  const header = ['version', 'i1', 'userid', `i${userid}`, 'mechanism', 'snone', ''].join('\0');
  return `${Buffer.from(header).toString('base64')}.${Buffer.from(jobspecText).toString('base64')}.none`;
}

/** @throws FormatError for anything but a well-formed request of mechanism none */
export function unwrapSigned(signed: string): UnwrappedJobspec {
  const fail = (problem: string) => new FormatError('signed jobspec', signed, problem);
  const [header, payload, signature, ...more] = signed.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw fail('must be three parts with a dot between');
  }
  if (!base64.test(header)) throw fail('the header is not base64');
  if (!base64.test(payload)) throw fail('the payload is not base64');
  const fields = headerFields(Buffer.from(header, 'base64').toString('utf8'), fail);
  if (fields.get('version') !== 'i1') throw fail('the header must say version 1');
  const userid = /^i(\d{1,10})$/.exec(fields.get('userid') ?? '');
  if (!userid || Number(userid[1]) > 0xffff_ffff) throw fail('the header must say a userid');
  if (fields.get('mechanism') !== 'snone' || signature !== 'none') throw fail('the mechanism must be none');
  return { jobspecText: Buffer.from(payload, 'base64').toString('utf8'), userid: Number(userid[1]) };
}

function headerFields(text: string, fail: (problem: string) => FormatError): Map<string, string> {
  const parts = (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
  const fields = new Map<string, string>();
  for (let i = 0; i < parts.length; i += 2) {
    const [key, value] = [parts[i]!, parts[i + 1]];
    if (!['version', 'userid', 'mechanism'].includes(key)) throw fail(`the header has a field ${JSON.stringify(key)}`);
    if (value === undefined) throw fail(`the header's field ${key} has no value`);
    if (fields.has(key)) throw fail(`the header's field ${key} stands twice`);
    fields.set(key, value);
  }
  return fields;
}

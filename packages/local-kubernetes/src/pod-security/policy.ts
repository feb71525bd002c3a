// The policy that the labels of a namespace set. Facts: https://kubernetes.io/docs/concepts/security/pod-security-admission/
// and k8s.io/pod-security-admission api.

import { type FieldError, invalid } from '../schema/field-error.ts';

/** From the most lenient to the strictest. */
export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

export interface LevelVersion {
  readonly level: Level;
  /** Of the policy: `latest`, or `v1.24`. */
  readonly version: string;
}

/** What comes of a pod that is not of a level. An audit is nothing that anybody sees here. */
export interface Policy {
  /** It is refused. */
  readonly enforce: LevelVersion;
  /** The answer warns of it. */
  readonly warn: LevelVersion;
}

export type Labels = Readonly<Record<string, string>>;

const domain = 'pod-security.kubernetes.io/';
const lenient: LevelVersion = { level: 'privileged', version: 'latest' };
const everythingGoes: Policy = { enforce: lenient, warn: lenient };

/** Labels that are wrong count as the strictest level where they enforce, as none where they warn, and as the latest version. */
export function policyOf(labels: Labels = {}): Policy {
  if (!Object.keys(labels).some((key) => key.startsWith(domain))) return everythingGoes;
  const level = labels[`${domain}enforce`];
  const enforce: LevelVersion = {
    level: level === undefined ? 'privileged' : isLevel(level) ? level : 'restricted',
    version: versionOf(labels, 'enforce') ?? 'latest',
  };
  const warned = labels[`${domain}warn`];
  const warnVersion = versionOf(labels, 'warn');
  // Who enforces a level is also warned of it, of Jobs that would make such pods for one.
  if (warned === undefined && level !== undefined && isLevel(level) && level !== 'privileged') {
    return { enforce, warn: { level, version: warnVersion ?? enforce.version } };
  }
  const warn: LevelVersion = {
    level: warned !== undefined && isLevel(warned) ? warned : 'privileged',
    version: warnVersion ?? 'latest',
  };
  return { enforce, warn };
}

/** What is wrong with labels of pod security. */
export function labelErrors(labels: Labels = {}): FieldError[] {
  return ['enforce', 'audit', 'warn'].flatMap((mode) => {
    const name = `${domain}${mode}`;
    const level = labels[name];
    const version = labels[`${name}-version`];
    return [
      ...(level === undefined || isLevel(level)
        ? []
        : [invalid(`metadata.labels[${name}]`, level, `must be one of ${levels.join(', ')}`)]),
      ...(version === undefined || isVersion(version)
        ? []
        : [invalid(`metadata.labels[${name}-version]`, version, 'must be "latest" or "v1.x"')]),
    ];
  });
}

export const isStricter = (one: Level, other: Level): boolean => levels.indexOf(one) > levels.indexOf(other);

export const shown = ({ level, version }: LevelVersion): string => `${level}:${version}`;

const isLevel = (text: string): text is Level => (levels as readonly string[]).includes(text);

const mostMinor = 2n ** 63n - 1n;

function isVersion(text: string): boolean {
  if (text === 'latest') return true;
  const [, minor] = /^v1\.(0|[1-9][0-9]*)$/.exec(text) ?? [];
  return minor !== undefined && BigInt(minor) <= mostMinor;
}

/** undefined where the labels do not say. */
function versionOf(labels: Labels, mode: string): string | undefined {
  const version = labels[`${domain}${mode}-version`];
  return version === undefined || isVersion(version) ? version : 'latest';
}

/** The forms of names in Kubernetes, with the sentences in which apimachinery refuses others. */

/** Sentences of what is wrong; empty when the text is fine. */
export type NameCheck = (text: string, isPrefix?: boolean) => string[];

const subdomainPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const searchPattern = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*';
const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1035Pattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const configKeyPattern = '[-._a-zA-Z0-9]+';

const compiled = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(`^(?:${pattern})$`);
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

export const tooLongText = (characters: number) => `must be no more than ${characters} characters`;
const tooManyBytes = (bytes: number) => `must be no more than ${bytes} bytes`;
export const emptyText = 'must be non-empty';

/** `MSG (e.g. 'a',  or 'b', regex used for validation is 'RE')`, spaced as apimachinery spaces it. */
export function patternText(message: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (e.g. ${list}regex used for validation is '${pattern}')`;
}

const bytesOf = (text: string) => Buffer.byteLength(text);

/** `example.com`; at most 253 characters. */
export const isSubdomain: NameCheck = (text, isPrefix = false) => {
  const name = isPrefix ? maskTrailingDash(text) : text;
  const problems: string[] = [];
  if (bytesOf(name) > 253) problems.push(tooLongText(253));
  if (!matches(subdomainPattern, name)) {
    problems.push(
      patternText(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        subdomainPattern,
        'example.com',
      ),
    );
  }
  return problems;
};

/** A domain to search names in: like a subdomain, with underscores too. */
export const isSearchDomain: NameCheck = (text) => {
  const problems = bytesOf(text) > 253 ? [tooLongText(253)] : [];
  if (matches(searchPattern, text)) return problems;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
  return [...problems, patternText(message, searchPattern, 'example.com')];
};

/** `my-name`; at most 63 characters. */
export const isLabelName: NameCheck = (text, isPrefix = false) => {
  const name = isPrefix ? maskTrailingDash(text) : text;
  const problems: string[] = [];
  if (bytesOf(name) > 63) problems.push(tooLongText(63));
  if (!matches(labelPattern, name)) {
    if (matches(subdomainPattern, name)) problems.push('must not contain dots');
    else {
      problems.push(
        patternText(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
          labelPattern,
          'my-name',
          '123-abc',
        ),
      );
    }
  }
  return problems;
};

/** A service's name: starts with a letter. */
export const isDns1035Label: NameCheck = (text, isPrefix = false) => {
  const name = isPrefix ? maskTrailingDash(text) : text;
  const problems: string[] = [];
  if (bytesOf(name) > 63) problems.push(tooLongText(63));
  if (!matches(dns1035Pattern, name)) {
    problems.push(
      patternText(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        dns1035Pattern,
        'my-name',
        'abc-123',
      ),
    );
  }
  return problems;
};

/** Any name that can be one step of a URL's path. */
export const isPathSegment: NameCheck = (text, isPrefix = false) => {
  if (!isPrefix && (text === '.' || text === '..')) return [`may not be '${text}'`];
  return ['/', '%']
    .filter((character) => text.includes(character))
    .map((character) => `may not contain '${character}'`);
};

/** Why an apiVersion is none, as Go's ParseGroupVersion says it. */
export function groupVersionProblem(apiVersion: string): string | undefined {
  return apiVersion.split('/').length > 2 ? `unexpected GroupVersion string: ${apiVersion}` : undefined;
}

/** A label's key: `name` or `prefix.example/name`. */
export const isQualifiedName: NameCheck = (text) => {
  const message =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const rule = patternText(message, qualifiedPattern, 'MyName', 'my.name', '123-abc');
  const parts = text.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const problems: string[] = [];
  const name = parts.at(-1)!;
  if (parts.length === 2) {
    if (parts[0] === '') problems.push(`prefix part ${emptyText}`);
    else problems.push(...isSubdomain(parts[0]!).map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push(`name part ${emptyText}`);
  else if (bytesOf(name) > 63) problems.push(`name part ${tooManyBytes(63)}`);
  if (!matches(qualifiedPattern, name)) problems.push(`name part ${rule}`);
  return problems;
};

export const isLabelValue: NameCheck = (text) => {
  const problems: string[] = [];
  if (bytesOf(text) > 63) problems.push(tooManyBytes(63));
  if (text !== '' && !matches(qualifiedPattern, text)) {
    problems.push(
      patternText(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        `(${qualifiedPattern})?`,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return problems;
};

/** An environment variable's name: printable ASCII without `=`. */
export const isEnvName: NameCheck = (text) => {
  if (text === '') {
    return [
      'environment variable name must be non-empty',
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    ];
  }
  if (/^[\x20-\x3c\x3e-\x7e]+$/.test(text)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

/** A key of a ConfigMap or Secret. */
export const isConfigKey: NameCheck = (text) => {
  const problems: string[] = [];
  if (bytesOf(text) > 253) problems.push(tooLongText(253));
  if (!matches(configKeyPattern, text)) {
    problems.push(
      patternText(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        configKeyPattern,
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  if (text === '.') problems.push("must not be '.'");
  else if (text === '..') problems.push("must not be '..'");
  else if (text.startsWith('..')) problems.push("must not start with '..'");
  return problems;
};

/** A port's name: IANA_SVC_NAME. */
export const isPortName: NameCheck = (text) => {
  const problems: string[] = [];
  if (text.length > 15) problems.push(tooLongText(15));
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

export function portProblems(port: unknown): string[] {
  const isPort = typeof port === 'number' && port >= 1 && port <= 65_535;
  return isPort ? [] : ['must be between 1 and 65535, inclusive'];
}

function maskTrailingDash(text: string): string {
  return text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text;
}

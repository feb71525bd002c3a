/**
 * Names of images, as far as they decide when one is pulled. Facts: the grammar in github.com/distribution/reference, and
 * k8s.io/kubernetes pkg/apis/core/v1/defaults.go.
 */

const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const hostPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${hostPart}(?:\\.${hostPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const reference = new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::(\\w[\\w.-]{0,127}))?(?:@(${digest}))?$`);
const identifier = /^[a-f0-9]{64}$/;

/** `latest`, written or meant, is always pulled; what is no name of an image means nothing. */
export function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  const found = identifier.test(image) ? null : reference.exec(withHost(image));
  if (!found) return 'IfNotPresent';
  const [, tag, digested] = found;
  return (tag ?? (digested ? '' : 'latest')) === 'latest' ? 'Always' : 'IfNotPresent';
}

/** What stands before the first stroke names a host only where it looks like one. */
function withHost(image: string): string {
  const stroke = image.indexOf('/');
  const first = image.slice(0, Math.max(stroke, 0));
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first);
  return isHost ? image : `docker.io/${image}`;
}

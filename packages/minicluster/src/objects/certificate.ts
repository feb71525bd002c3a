/**
 * The CURVE certificate that all brokers of a cluster share (RFC 13, ZeroMQ RFC 26, certificate files as `flux keygen`
 * writes them). CURVE keys are X25519 keys, printed in Z85 (ZeroMQ RFC 32).
 */
import { generateKeyPairSync } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Z85 of bytes. @throws RangeError if their number is not a multiple of four */
export function z85(bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0) throw new RangeError('Z85 takes a multiple of four bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let value = view.getUint32(at);
    let group = '';
    for (let digit = 0; digit < 5; digit++) {
      group = alphabet[value % 85] + group;
      value = Math.floor(value / 85);
    }
    text += group;
  }
  return text;
}

/**
 * Text of a new certificate.
 * @param hostname recorded in it, for people
 */
export function makeCertificate(hostname: string, now: Date = new Date()): string {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const secret = privateKey.export({ format: 'jwk' });
  const shared = publicKey.export({ format: 'jwk' });
  const key = (part: string | undefined) => z85(new Uint8Array(Buffer.from(part ?? '', 'base64url')));
  return `#   ZeroMQ CURVE certificate of a MiniCluster. Made ${now.toISOString()}. Keep it secret.

metadata
    name = "flux-cert-generator"
    keygen.hostname = "${hostname}"
curve
    public-key = "${key(shared.x)}"
    secret-key = "${key(secret.d)}"
`;
}

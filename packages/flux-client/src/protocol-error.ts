/** Bytes or frames that are no Flux message: the peer that sent them is to be cut off. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

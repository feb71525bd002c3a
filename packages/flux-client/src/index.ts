/** Flux messages, RPC, events and connectors, for Ebb's broker and flux-core alike. */
export { type ConnectOptions, connect, connectStream, openTransport } from './connect.ts';
export { Flux, type FluxEvent, type RpcOptions, type StreamOptions } from './flux.ts';
export { FluxError } from './flux-error.ts';
export { decodeFrames, encodeFrames } from './frames.ts';
export {
  Flag,
  goesUpstream,
  isStreaming,
  jsonPayload,
  type Message,
  type MessageType,
  NodeId,
  noMatchtag,
  payloadJson,
  payloadText,
  Role,
  responseTo,
  senderOf,
  serviceOf,
  textPayload,
  unknownUser,
  wantsResponse,
} from './message.ts';
export { frameMessage, largestMessage, MessageFramer } from './message-framer.ts';
export { ProtocolError } from './protocol-error.ts';
export { Request } from './request.ts';
export { openStream, streamTransport } from './stream-transport.ts';
export { topicMatcher } from './topic-matcher.ts';
export type { Transport } from './transport.ts';

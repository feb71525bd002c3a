/** Flux messages, RPC, events and connectors, for Ebb's broker and flux-core alike. */

export { cancelTopicOf } from './cancel-topics.ts';
export { type ClientCredentials, ClientRouter, type ClientRouterOptions } from './client-router.ts';
export { type ConnectOptions, connect, connectStream, openTransport } from './connect.ts';
export { Flux, type FluxOptions, type RpcOptions, type StreamOptions } from './flux.ts';
export { FluxError } from './flux-error.ts';
export { decodeFrames, encodeFrames } from './frames.ts';
export { memoryTransports } from './memory-transport.ts';
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
export { serveRelay } from './relay.ts';
export { Request } from './request.ts';
export type { HandleOptions, RequestHandler } from './service-handlers.ts';
export * from './services.ts';
export { type SocketServer, serveSocket } from './socket-server.ts';
export { mostUnsentBytes, openStream, streamTransport } from './stream-transport.ts';
export type { FluxEvent } from './subscriptions.ts';
export { topicMatcher } from './topic-matcher.ts';
export type { Transport } from './transport.ts';

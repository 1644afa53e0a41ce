import type { BenchmarkEvent } from '../event.ts'

/** How a client asks a peer for the stream. `{index}` stands for the number of the connection. */
export interface StreamAddress {
  readonly protocol: 'http' | 'http2' | 'websocket' | 'socket.io'
  readonly path: string
  /** Sent with `POST` as JSON; `GET` when absent. */
  readonly body?: string
}

/** What a peer is asked for beside its defaults. */
export interface PeerOptions {
  /** Time between heartbeats, in milliseconds. */
  readonly heartbeat: number
}

/** A server under measurement, written as its own documentation shows. */
export interface Peer {
  readonly port: number
  readonly address: StreamAddress
  /** Open streams. */
  readonly connections: number
  /** Sends an event to every open stream. */
  publish(event: BenchmarkEvent): void
  /** Sends an event to the subscribers of one of many topics, where a peer has topics. */
  publishTo?(topic: number, event: BenchmarkEvent): void
  /** What a subscriber that has everything so far would resume from. */
  cursor(): string
  /** Work that it did, by name: reads of the log, frames encoded. */
  counters?(): Readonly<Record<string, number>>
  /** Ends every stream and the server. */
  stop(): Promise<void>
}

/** Starts a peer on a free port of the loopback interface. */
export type StartPeer = (options: PeerOptions) => Promise<Peer>

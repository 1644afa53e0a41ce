import type { ResetVerdict, Verdict } from '@millrace/protocol'
import type { HistogramStats } from './histogram.ts'

/** Why requests for a stream are refused: by a limit of this name, or else. `eventBytes` refuses a publication, `snapshotBytes` a state. */
export const refusalCauses = [
  'connections',
  'connectionsPerPrincipal',
  'connectionsPerAddress',
  'connectsPerSecond',
  'bufferedBytes',
  'topics',
  'requestBytes',
  'cursorBytes',
  'replayRecords',
  'eventBytes',
  'snapshotBytes',
  'unauthorized',
  'forbidden',
  'authorize',
  'log',
  'drain',
  'request',
] as const

/**
 * What refused. Beside the limits: `unauthorized` and `forbidden`, `authorize` for one that failed, `log` for one that cannot be read,
 * `drain` for a server that is being closed, and `request` for what cannot be understood.
 */
export type RefusalCause = (typeof refusalCauses)[number]

export const closeCauses = [
  'left',
  'drain',
  'expired',
  'revoked',
  'age',
  'end',
  'poll',
  'stalled',
  'bufferedBytes',
  'overload',
  'failure',
] as const

/**
 * Why a stream was closed: its client left; the server was closed; its rights ended or were revoked; it grew too old; all of its topics
 * are complete; its poll was answered; its socket took nothing, or all sockets together held too much; others had been faster to the last
 * place; something failed.
 */
export type CloseCause = (typeof closeCauses)[number]

export const logOperations = ['append', 'read', 'bounds', 'tail'] as const

/** What a log was asked for. `tail` also stands for a failure that befell it between two answers. */
export type LogOperation = (typeof logOperations)[number]

export const snapshotOutcomes = ['state', 'none', 'timeout', 'failed'] as const

/** What came of asking for a snapshot: a state; none, where there is nothing to be told; no answer in time; or an error. */
export type SnapshotOutcome = (typeof snapshotOutcomes)[number]

/** What an event server has done so far, and holds now. */
export interface ServerStats {
  /** Streams that are open. */
  readonly connections: number
  /** Topics and patterns that the open streams were opened for. */
  readonly subscriptions: number
  /** Bytes that wait in the sockets, looked at now and then. */
  readonly bufferedBytes: number
  /** Sources that run, or wait to begin again after they failed. */
  readonly sources: number
  /** Streams that were opened. */
  readonly opened: number
  /** Those among them that were long polls. */
  readonly polls: number
  /** Streams that were closed, by cause. */
  readonly closed: Readonly<Record<CloseCause, number>>
  /** What was refused, by cause. A resume that a limit made to a reset counts as well. */
  readonly refused: Readonly<Record<RefusalCause, number>>
  /** Events that were published here, by the path of their channel. A repeat of a key counts as well. */
  readonly published: Readonly<Record<string, number>>
  /** Events that were made bytes: once each, however many streams take them. */
  readonly encoded: number
  /** Events that were written to streams. */
  readonly delivered: number
  /** Events that slow readers of `deliver: 'latest'` were spared, once for each stream. */
  readonly conflated: number
  /** All bytes that were written to streams. */
  readonly sentBytes: number
  /** Streams that were opened, by what became of their cursor. */
  readonly resumes: Readonly<Record<Verdict, number>>
  /** Open streams that could not go on where they were, by why. */
  readonly resets: Readonly<Record<Exclude<ResetVerdict, 'invalid'>, number>>
  /** Snapshots that were asked for. Those who want the same at the same time share one. */
  readonly snapshotsAsked: number
  /** Snapshots that were answered, by what came of it. */
  readonly snapshots: Readonly<Record<SnapshotOutcome, number>>
  /** Calls of the log that failed, and failures that its tail told of. */
  readonly logErrors: Readonly<Record<LogOperation, number>>
  /** How many records behind the log's head streams began that had a cursor or asked for the past. */
  readonly replayDepth: HistogramStats
  /**
   * Seconds from the publication of an event until it had been written to every stream that keeps up. Of the events that arrive together the
   * oldest one counts, by the clocks of both machines.
   */
  readonly deliveryLag: HistogramStats
}

import { createEventClient } from '@millrace/client'
import { type FileEvent, logs } from '@millrace/sample-contracts'
import type { ConnectionStatus } from './connection-words.ts'

/** What the page is told. */
export interface SourceObserver {
  event(event: FileEvent): void
  /** The stream could not go on where it was. */
  reset(verdict: string): void
  status(status: ConnectionStatus): void
  /** Something is wrong with an event, or with a handler; the stream goes on. */
  fault(text: string): void
}

/** Subscribes to every followed file, from as far back as the server still remembers. */
export function subscribeToFiles(observer: SourceObserver): void {
  const client = createEventClient({
    url: '/events',
    onError: (error) => observer.fault(error instanceof Error ? error.message : String(error)),
  })
  const tell = () => {
    const { state, cause, nextAttemptAt } = client.status
    observer.status({ state, reason: cause === undefined ? undefined : describeCause(cause), nextAttemptAt })
  }
  client.onStatus(tell)
  tell()
  client.subscribe(
    logs.files(),
    (event) => {
      if (event.name === 'millrace.reset') observer.reset(event.data.verdict)
      else observer.event(event)
    },
    { from: 'earliest' },
  )
}

function describeCause(cause: unknown): string {
  const text = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause
  return typeof text === 'string' ? text : 'the server cannot be reached'
}

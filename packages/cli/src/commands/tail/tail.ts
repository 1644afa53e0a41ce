import {
  type ConnectionStatus,
  createEventClient,
  type EventClient,
  isSnapshot,
  type Reset,
} from '@millrace/client'
import type { Command } from '../../command.ts'
import type { Terminal } from '../../terminal.ts'
import { describeEvent, serializeEvent } from './event-line.ts'
import { parseTail, type TailOptions, tailUsage } from './tail-options.ts'

export const tail: Command = {
  usage: tailUsage,
  run: (args, terminal) => follow(parseTail(args), terminal),
}

/** Prints events until it is told to end, and gives the exit code: 0 then, 1 when the server refused for good. */
async function follow(options: TailOptions, terminal: Terminal): Promise<number> {
  const { url, topics, from, events, headers, json } = options
  const client = createEventClient({
    url,
    headers,
    onError: (error) => terminal.note(`${message(error)}\n`),
  })
  const ended = whenEnded(client, terminal)
  for (const topic of topics) {
    client.subscribe(
      topic,
      (event) => {
        if (isReset(event)) {
          terminal.note(`${event.topic}: events may be missing here (${event.data.verdict})\n`)
          // A state may stand for events that cannot be had any more, so it is never left out.
        } else if (events.length === 0 || events.includes(event.name) || isSnapshot(event)) {
          terminal.print(json ? serializeEvent(event) : describeEvent(event, terminal.color))
        }
      },
      { from },
    )
  }
  try {
    return await ended
  } finally {
    await client.close()
  }
}

// Of an event whose type is not known, the name alone does not tell the compiler.
function isReset(event: { readonly name: string }): event is Reset {
  return event.name === 'millrace.reset'
}

function whenEnded(client: EventClient, terminal: Terminal): Promise<number> {
  return new Promise((resolve) => {
    const tell = () => {
      const text = describeStatus(client.status)
      if (text !== undefined) terminal.note(`${text}\n`)
      if (client.status.state === 'closed') finish(1)
    }
    const stop = client.onStatus(tell)
    const interrupt = () => finish(0)
    terminal.signal.addEventListener('abort', interrupt)
    const finish = (code: number) => {
      stop()
      terminal.signal.removeEventListener('abort', interrupt)
      resolve(code)
    }
    if (terminal.signal.aborted) finish(0)
  })
}

function describeStatus({ state, cause, nextAttemptAt }: ConnectionStatus): string | undefined {
  switch (state) {
    case 'open':
      return 'connected'
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil(((nextAttemptAt ?? Date.now()) - Date.now()) / 1000))
      return `disconnected: ${message(cause)}; trying again in ${seconds} s`
    }
    default:
      return undefined
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

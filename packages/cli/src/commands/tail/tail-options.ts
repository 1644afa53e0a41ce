import { parseHeader, parseUrl } from '../../parse-address.ts'
import { parseOptions } from '../../parse-options.ts'
import { UsageError } from '../../usage-error.ts'

/** What is to be followed. */
export interface TailOptions {
  readonly url: URL
  /** Addresses and patterns, as written. */
  readonly topics: readonly string[]
  /** `now`, `earliest` or the id of an event. */
  readonly from: string
  /** Names of the events to print; all when empty. */
  readonly events: readonly string[]
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether to print one JSON object a line. */
  readonly json: boolean
}

export const tailUsage = `Prints the events of topics as they come, across restarts of the server, until it is interrupted.

  millrace tail [options] <url> <topic> …

  millrace tail http://localhost:4000/events 'orders/*'
  millrace tail https://shop.example/events orders/42 --from earliest --event placed --json

  --from <place>        where to begin: now, earliest, or the id of an event (default now)
  --event <name>        only events of this name; may be given several times
  --header <line>       a request header, as in 'authorization: Bearer …'; may be given several times
  --json                one JSON object a line: name, topic, id, time, data
  --help                this text

What happens to the connection is told on standard error.
`

/** Reads the command line of `tail`. @throws UsageError */
export function parseTail(args: readonly string[]): TailOptions {
  const { values, positionals } = parseOptions(args, {
    from: { type: 'string', default: 'now' },
    event: { type: 'string', multiple: true, default: [] },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  })
  const [address, ...topics] = positionals
  if (address === undefined) throw new UsageError('Which stream? millrace tail <url> <topic> …')
  if (topics.length === 0) throw new UsageError(`Which topics? millrace tail ${address} 'orders/*'`)
  return {
    url: parseUrl(address),
    topics,
    from: values.from,
    events: values.event,
    headers: Object.fromEntries(values.header.map(parseHeader)),
    json: values.json,
  }
}

import { parseHeader, parseUrl } from '../../parse-address.ts'
import { parseOptions } from '../../parse-options.ts'
import { UsageError } from '../../usage-error.ts'

/** What is to be looked at. */
export interface DoctorOptions {
  /** A stream's address, or the path of a module. */
  readonly target: URL | string
  readonly topics: readonly string[]
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>
  readonly seconds: number | undefined
  readonly json: boolean
  readonly strict: boolean
}

export const doctorUsage = `Looks whether streams will do: how a log's engine is set up, and what stands between a server and its clients.

  millrace doctor [options] <module>
  millrace doctor [options] <url>

  millrace doctor src/events.ts
  millrace doctor https://shop.example/events --topic orders/42
  millrace doctor https://shop.example/events --topic orders/42 --header 'authorization: Bearer …' --json

A module is run, and whatever it exports that can say how it is, is asked: a log, or an event server, which asks its log. Take one
that does not listen on a port by itself.

At an address a real stream is opened and watched from one heartbeat to the next: what answers, whether something on the way holds
bytes back, compresses or cuts the stream, and whether the heartbeat is short enough for it.

  --topic <address>     a topic to open the stream with; may be given several times
  --header <line>       a request header, as in 'authorization: Bearer …'; may be given several times
  --seconds <number>    how long to watch (default from one heartbeat to the next)
  --json                for programs
  --strict              warnings fail, too
  --help                this text

Exit codes: 0 no faults; 1 faults, with --strict also warnings; 2 the command line or the module was not understood.
`

/** Reads the command line of `doctor`. @throws UsageError */
export function parseDoctor(args: readonly string[]): DoctorOptions {
  const { values, positionals } = parseOptions(args, {
    topic: { type: 'string', multiple: true, default: [] },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    seconds: { type: 'string' },
    json: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
  })
  const [target, other] = positionals
  if (target === undefined) throw new UsageError('What is to be looked at? millrace doctor <url or module>')
  if (other !== undefined) throw new UsageError(`One at a time: ${target}, or ${other}?`)
  if (/^[\w.-]+:\d+(\/|$)/.test(target)) {
    throw new UsageError(`${target} is no address without http:// or https:// before it`)
  }
  return {
    target: /^[a-z][a-z0-9+.-]+:\/\//i.test(target) ? parseUrl(target) : target,
    topics: values.topic,
    headers: Object.fromEntries(values.header.map(parseHeader)),
    seconds: values.seconds === undefined ? undefined : parseSeconds(values.seconds),
    json: values.json,
    strict: values.strict,
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 86_400) return seconds
  throw new UsageError(`--seconds is a number above 0, not "${text}"`)
}

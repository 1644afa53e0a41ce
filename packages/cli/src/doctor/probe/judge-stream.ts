import { type Finding, fault, fine, warning } from '../finding.ts'
import { largestDelay } from './delay.ts'
import type { Arrival, Sight } from './watch.ts'

const guide = 'docs/behind-a-proxy.md'

/** After how long a silence common proxies close a connection, in milliseconds: nginx, AWS ALB. */
const proxyTimeout = 60_000

/** How much that was made apart may come together, in milliseconds. */
const largestLump = 1_000

/** What nobody should have to look up, beside the header that a server of Millrace sends. */
export const unbuffer = `Turn buffering off there: proxy_buffering off and proxy_http_version 1.1 in nginx, option http-no-delay in HAProxy, no response buffering in the CDN (${guide})`

/** How long after its time a heartbeat is missed, in milliseconds. */
export function marginOf(heartbeat: number): number {
  return Math.min(5_000, Math.max(2_000, heartbeat / 2))
}

/**
 * What there is to say of what came.
 *
 * @param delay by how much the first block comes later than it is sent, in milliseconds, as far as that is known
 */
export function judgeStream(sight: Sight, delay = 0): readonly Finding[] {
  const { firstFrame, firstEvent, open, ended, watched } = sight
  if (firstFrame === undefined) {
    const since = ended === undefined ? `for ${seconds(watched)}` : `until it ended after ${seconds(ended)}`
    return [
      fault(
        'first frame',
        `The head came, and nothing more ${since}: something on the way holds events back, and clients see none`,
        unbuffer,
      ),
    ]
  }
  const first =
    delay <= largestDelay
      ? fine('first frame', `${Math.round(firstFrame)} ms after the head`)
      : warning(
          'first frame',
          `${seconds(delay)} late: something on the way waits whether more is to come, and does so with every event`,
          unbuffer,
        )
  const heartbeat = open?.heartbeat
  if (typeof heartbeat !== 'number' || !(heartbeat > 0)) {
    return [
      first,
      warning(
        'first event',
        `${firstEvent}, not millrace.open: this is no stream of Millrace, or a heartbeat of its own is not known`,
        'Look at the address, and whether something on the way drops the query (v=1)',
      ),
      ...cutFindings(sight),
    ]
  }
  return [
    first,
    announcedFinding(heartbeat),
    ...arrivalFindings(sight, heartbeat),
    ...lumpFindings(sight, heartbeat),
  ]
}

function announcedFinding(heartbeat: number): Finding {
  const subject = 'heartbeat'
  const message = `The server is silent for ${seconds(heartbeat)} at most`
  if (heartbeat <= proxyTimeout / 2) return fine(subject, `${message}; nginx and AWS ALB bear 60 s`)
  const cure = `Set heartbeat to 30000 or less in createEventServer, or raise the time-outs above two of them (${guide}, "Timeouts")`
  return heartbeat < proxyTimeout
    ? warning(
        subject,
        `${message}: where one heartbeat is late, nginx and AWS ALB cut the stream at 60 s`,
        cure,
      )
    : fault(subject, `${message}, and nginx and AWS ALB cut a silent stream after 60 s`, cure)
}

/** Whether the heartbeats come through. */
function arrivalFindings(sight: Sight, heartbeat: number): readonly Finding[] {
  const { ended, watched } = sight
  if (ended !== undefined) return cutFindings(sight, heartbeat)
  const silence = longestSilence(sight)
  const subject = 'arrival'
  if (silence > heartbeat + marginOf(heartbeat)) {
    return [
      fault(
        subject,
        `Nothing came for ${seconds(silence)}, and the server sends something every ${seconds(heartbeat)}: something on the way holds it back`,
        unbuffer,
      ),
    ]
  }
  if (sight.arrivals.length > 1) return [fine(subject, `Bytes came at least every ${seconds(silence)}`)]
  return [
    warning(
      subject,
      `Nothing came in the ${seconds(watched)} that were watched, which is shorter than a heartbeat`,
      `Watch for longer: --seconds ${Math.ceil((heartbeat + marginOf(heartbeat)) / 1_000)}`,
    ),
  ]
}

function cutFindings({ ended, bye, arrivals }: Sight, heartbeat?: number): readonly Finding[] {
  if (ended === undefined) return []
  const subject = 'end'
  if (bye !== undefined) {
    return [
      warning(
        subject,
        `The server ended the stream after ${seconds(ended)} (${bye.reason})`,
        bye.reason === 'drain'
          ? 'It is being stopped: try again'
          : 'Look whether that is meant (PROTOCOL.md, "bye"), and try again',
      ),
    ]
  }
  const silent = ended - (arrivals.at(-1)?.at ?? 0)
  const bound = heartbeat === undefined ? '' : ` above ${seconds(2 * heartbeat)}, two heartbeats`
  return [
    fault(
      subject,
      `The connection was cut after ${seconds(ended)}, ${seconds(silent)} after the last byte and without a good-bye`,
      `Raise the time-out of whatever stands between${bound}: proxy_read_timeout in nginx, timeout server and timeout client in HAProxy, the idle timeout of a load balancer. Or lower the server's heartbeat (${guide}, "Timeouts")`,
    ),
  ]
}

function lumpFindings({ arrivals }: Sight, heartbeat: number): readonly Finding[] {
  const lump = Math.max(0, ...arrivals.map((_, index) => lumpAt(arrivals, index, heartbeat)))
  if (lump <= largestLump) return []
  return [
    fault(
      'lumps',
      `What the server sent over ${seconds(lump)} came in one piece: something on the way gathers events, and they arrive as late`,
      unbuffer,
    ),
  ]
}

/** The time over which was sent what came together after nothing had come for about as long, in milliseconds. */
function lumpAt(arrivals: readonly Arrival[], index: number, heartbeat: number): number {
  const [before, arrival] = [arrivals[index - 1], arrivals[index]]
  if (before === undefined || arrival === undefined) return 0
  const { at, beats, times } = arrival
  const ofEvents = times.length === 0 ? 0 : Math.max(...times) - Math.min(...times)
  const sent = Math.max(ofEvents, (beats - 1) * heartbeat)
  // Else they are of servers whose clocks differ.
  return at - before.at >= 0.8 * sent ? sent : 0
}

function longestSilence({ arrivals, watched }: Sight): number {
  const times = [...arrivals.map(({ at }) => at), watched]
  return Math.max(...times.map((time, index) => time - (times[index - 1] ?? 0)))
}

/** `1.5 s` */
function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1_000).toFixed(1))} s`
}

import type { Visitor } from './visitor.ts'
import { write } from './witness.ts'
import type { World } from './world.ts'

/** More requests than that are a client that runs wild. */
const mostRequests = 1_500

/** Whether a client is as it may be, at a moment at which nothing more happens without time going by. */
export function inspect(
  { client, audience, links, timers, closing, connecting, waiting, shelf }: Visitor,
  { chronicle: { accuse } }: World,
): void {
  const live = links.filter((link) => link.live)
  if (live.length > (connecting ? 2 : 1)) {
    accuse(`the connections ${live.map(({ number }) => number).join(' and ')} are open at once`)
  }
  const { state } = client.status
  if (state === 'waiting' && !waiting) accuse('it says that it waits, and does not')
  const isKeeping = shelf !== undefined && shelf.busy > 0
  if (state === 'idle' && (live.length > 0 || (timers.size > 0 && !isKeeping))) {
    accuse(`it says that it is idle with ${live.length} connections and ${timers.size} timers`)
  }
  // Who has no stream of its own by then has joined the one that is open, unless a handler holds up the next one.
  const { witnesses } = audience
  const isIdle = live[0]?.adopted && !witnesses.some(({ busy }) => busy !== undefined)
  if (state === 'open' && !connecting && !waiting && isIdle) {
    for (const witness of witnesses) {
      if (witness.begun || witness.closed || !witness.isStarted || witness.taking.from !== 'now') continue
      if (links.some((link) => link.live && link.plan.includes(witness))) continue
      witness.begun = true
      witness.latest = witness.truth.head
    }
  }
  const isAtRest = !witnesses.some(({ holdsUp }) => holdsUp)
  for (const witness of witnesses) {
    if (isAtRest && witness.isStarted) witness.rested = witness.finished
    if (witness.closed && witness.ready === 'pending' && !isKeeping)
      accuse(`${witness.label} was closed, and nobody knows whether it was ready`)
    if (witness.isOver && !witness.closed && witness.ending === 'none' && !witness.isComplete)
      accuse(`${witness.label} is over at ${witness.place && write(witness.place)}, and nobody knows why`)
  }
  if (closing?.resolved === false && !isKeeping) accuse('close() does not resolve')
  if (links.length > mostRequests) accuse(`it has made ${mostRequests} requests`)
}

/** Whether nothing is left of a client of which nobody wants anything any more. */
export function inspectQuiet(
  { client, audience, links, timers, closing }: Visitor,
  { chronicle: { accuse } }: World,
  when: string,
): void {
  const leaking = links.find((link) => link.leaks)
  if (leaking) accuse(`connection ${leaking.number} is still open ${when}`)
  if (timers.size > 0)
    accuse(`timers of ${[...timers].map(({ milliseconds }) => milliseconds)} ms still run ${when}`)
  const [listening] = audience.listening
  if (listening) accuse(`the signal of ${listening.label} is still listened to ${when}`)
  const { state } = client.status
  const expected = closing ? ['closed'] : ['idle', 'closed']
  if (!expected.includes(state)) accuse(`it says that it is ${state} ${when}`)
}

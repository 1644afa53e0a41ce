import type { Subscription } from '../src/index.ts'
import type { Link } from './link.ts'
import type { Accuse, Witness } from './witness.ts'

/**
 * Watches over a subscription's `ready`: it resolves once a stream has told the place, or nothing will come any more, and rejects where the
 * subscription was refused or closed before.
 */
export function watchReady(
  { ready }: Pick<Subscription, 'ready'>,
  witness: Witness,
  { links, accuse }: { readonly links: readonly Link[]; readonly accuse: Accuse },
): void {
  const { address } = witness.taking
  // Also where the client has left it, or it was cut, before it asked for more.
  const wasOpen = ({ adopted, live, opening }: Link) => adopted || (!live && opening.isPlaced)
  // It may have joined the stream that was open last.
  const hasPlace = (link: Link) =>
    link.opening.isPlaced &&
    (link.plan.includes(witness) || (link === links.findLast(wasOpen) && link.startsOf(address).length > 0))
  const isNothing = ({ plan, status }: Link) => status === 204 && plan.includes(witness)
  ready.then(
    () => {
      witness.ready = 'resolved'
      // What is published from now on comes.
      for (const lane of witness.lanes)
        if (lane.place === undefined && lane.taking.from === 'now') lane.latest ??= lane.truth.head
      if (links.some(hasPlace) || links.some(isNothing) || witness.isComplete) return
      accuse(`${witness.label} is ready, and no stream has told its place`)
    },
    (error: { readonly code?: string }) => {
      witness.ready = 'rejected'
      const isReason =
        error.code === 'closed' ? witness.closed : error.code === 'connection' && witness.ending !== 'none'
      if (!isReason) accuse(`${witness.label} is never ready, for no reason: ${String(error)}`)
    },
  )
}

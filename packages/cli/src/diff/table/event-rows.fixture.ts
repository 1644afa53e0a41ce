import { channel, event } from '@millrace/contract'
import * as z from 'zod'
import { contracts, type Row } from './row.fixture.ts'

const order = z.object({ total: z.number() })
const shipped = z.object({ carrier: z.string() })
const place = (events: Parameters<typeof channel>[1]['events']) => ({ orders: channel('orders', { events }) })
const upgrade = { 1: (old: object) => old, 2: (old: object) => old }

/** What may happen to the events of a channel. */
export const eventRows: readonly Row[] = [
  contracts(
    'an event is added',
    place({ placed: order }),
    place({ placed: order, shipped }),
    ['event-added orders.shipped'],
    ['minor', 'minor', 'none'],
  ),
  contracts(
    'an event is removed',
    place({ placed: order, shipped }),
    place({ placed: order }),
    ['event-removed orders.shipped'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'an event is renamed',
    place({ placed: order, shipped }),
    place({ placed: order, sent: shipped }),
    ['event-renamed orders.sent'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'an event is renamed and changed, which is another event',
    place({ placed: order }),
    place({ bought: order.extend({ note: z.string().optional() }) }),
    ['event-added orders.bought', 'event-removed orders.placed'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'one of two events that are alike is renamed',
    place({ opened: shipped, closed: shipped }),
    place({ opened: shipped, ended: shipped }),
    ['event-renamed orders.ended'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'events that are alike give way to one, which may be any of them',
    place({ opened: shipped, closed: shipped }),
    place({ ended: shipped }),
    ['event-added orders.ended', 'event-removed orders.closed', 'event-removed orders.opened'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'an event moves to another channel',
    { a: channel('a', { events: { placed: order } }), b: channel('b', { events: {} }) },
    { a: channel('a', { events: {} }), b: channel('b', { events: { placed: order } }) },
    ['event-added b.placed', 'event-removed a.placed'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'the version is raised, with an upgrade',
    place({ shipped: z.object({ by: z.string() }) }),
    place({ shipped: event(shipped, { version: 2, upgrade: { 1: upgrade[1] } }) }),
    [
      'required-property-added orders.shipped #/properties/carrier',
      'required-property-removed orders.shipped #/properties/by',
      'version-raised orders.shipped',
    ],
    ['major', 'major', 'none'],
  ),
  contracts(
    'the version is raised, without an upgrade',
    place({ shipped }),
    place({ shipped: event(shipped.extend({ at: z.string() }), { version: 2 }) }),
    [
      'required-property-added orders.shipped #/properties/at',
      'upgrade-missing orders.shipped',
      'version-raised orders.shipped',
    ],
    ['major', 'major', 'major'],
  ),
  contracts(
    'the version alone is raised',
    place({ shipped }),
    place({ shipped: event(shipped, { version: 2, upgrade: { 1: upgrade[1] } }) }),
    ['version-raised orders.shipped'],
    ['major', 'none', 'none'],
  ),
  contracts(
    'the version is raised by two, with one upgrade',
    place({ shipped }),
    place({ shipped: event(shipped, { version: 3, upgrade: { 2: upgrade[2] } }) }),
    ['upgrade-missing orders.shipped', 'version-raised orders.shipped'],
    ['major', 'none', 'major'],
  ),
  contracts(
    'the version is raised, and the oldest upgrade goes',
    place({ shipped: event(shipped, { version: 2, upgrade: { 1: upgrade[1] } }) }),
    place({ shipped: event(shipped, { version: 3, upgrade: { 2: upgrade[2] } }) }),
    ['upgrade-removed orders.shipped', 'version-raised orders.shipped'],
    ['major', 'none', 'major'],
  ),
  contracts(
    'the version is lowered',
    place({ shipped: event(shipped, { version: 2, upgrade: { 1: upgrade[1] } }) }),
    place({ shipped }),
    ['version-lowered orders.shipped'],
    ['major', 'none', 'major'],
  ),
  contracts(
    'an upgrade goes',
    place({ shipped: event(shipped, { version: 2, upgrade: { 1: upgrade[1] } }) }),
    place({ shipped: event(shipped, { version: 2 }) }),
    ['upgrade-removed orders.shipped'],
    ['none', 'none', 'major'],
  ),
  contracts(
    'an upgrade is added',
    place({ shipped: event(shipped, { version: 2 }) }),
    place({ shipped: event(shipped, { version: 2, upgrade: { 1: upgrade[1] } }) }),
    ['upgrade-added orders.shipped'],
    ['none', 'none', 'minor'],
  ),
  contracts(
    'an event is described and gets an example',
    place({ shipped }),
    place({ shipped: shipped.meta({ description: 'It left the house.', examples: [{ carrier: 'Ann' }] }) }),
    ['documentation-changed orders.shipped', 'documentation-changed orders.shipped'],
    ['none', 'patch', 'none'],
  ),
  contracts(
    'an event is deprecated',
    place({ shipped }),
    place({ shipped: shipped.meta({ deprecated: true }) }),
    ['deprecated orders.shipped'],
    ['none', 'minor', 'none'],
  ),
  contracts(
    'an event is no longer deprecated',
    place({ shipped: shipped.meta({ deprecated: true }) }),
    place({ shipped }),
    ['undeprecated orders.shipped'],
    ['none', 'patch', 'none'],
  ),
  contracts(
    'a named part of two events is renamed',
    place({ placed: z.object({ to: order.meta({ id: 'Sum' }) }), paid: z.object({ by: order }) }),
    place({ placed: z.object({ to: order.meta({ id: 'Total' }) }), paid: z.object({ by: order }) }),
    [],
    ['none', 'none', 'none'],
  ),
]

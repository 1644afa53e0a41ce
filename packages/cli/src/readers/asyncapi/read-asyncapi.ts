import type { DraftChannel, DraftContract } from '../draft/draft.ts'
import { readInfo } from '../info.ts'
import type { Reading } from '../reading.ts'
import { member } from '../source/json-record.ts'
import { descend, membersOf, within } from '../source/place.ts'
import { readChannels2 } from './channels-2.ts'
import { readChannels3 } from './channels-3.ts'
import { readMessages } from './message.ts'

/** Reads AsyncAPI 2 and 3: each channel with its messages, whichever way they travel. */
export function readAsyncApi(reading: Reading): DraftContract {
  const { root } = reading
  const isOld = String(member(root.value, 'asyncapi')).startsWith('2')
  const channels = isOld ? readChannels2(reading) : readChannels3(reading)
  const found = channels.some(({ events, snapshot }) => events.length > 0 || snapshot !== undefined)
  return { ...readInfo(root), channels: found ? channels : [...channels, ...libraryChannel(reading, isOld)] }
}

/** A document that only keeps messages for others: one channel of them all. */
function libraryChannel(reading: Reading, isOld: boolean): readonly DraftChannel[] {
  const place = descend(reading.root, 'components', 'messages')
  const entries = membersOf(place)
  if (entries.length === 0 || membersOf(within(reading.root, 'channels')).length > 0) return []
  reading.problems.warning(place, 'the document has no channels; its messages are read as one, "events"')
  const { events } = readMessages(reading, entries, isOld ? 2 : 3)
  return [{ place, key: 'events', address: 'events', description: undefined, params: [], events }]
}

import type { FrameRun } from '../feed/frame-run.ts'
import type { Parcel } from './sink.ts'
import { TextParcel } from './text-parcel.ts'

// Of each run the newest one: streams of the same shards that keep up stand at the same places, and so take the same bytes.
const known = new WeakMap<FrameRun, { readonly places: string; readonly parcel: Parcel }>()

/** The frames of a run, with places in other shards behind the own one of each. */
export function spanningRun(run: FrameRun, places: string): Parcel {
  const last = known.get(run)
  if (last?.places === places) return last.parcel
  const text = new TextParcel(run.textWith(places))
  // Only one writes it: bytes are worth their making where they are shared.
  if (run.takers === 1) return text
  const { bytes, length } = text
  const parcel = { bytes, length }
  known.set(run, { places, parcel })
  return parcel
}

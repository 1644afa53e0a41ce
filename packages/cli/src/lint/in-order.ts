import { formatPlace, type Place } from '../model/place.ts'
import type { Finding } from './finding.ts'
import type { Subject } from './subject.ts'

/** The findings in the order of the contract, and those of one place in the order of the rules. */
export function inOrderOf(subject: Subject, findings: readonly Finding[]): readonly Finding[] {
  const { channels, params, events, snapshots, schemas, model } = subject
  const definitions = Object.keys(model.definitions).map((definition): Place => ({ definition }))
  const ofChannels = channels.flatMap(({ place }) => {
    const inIt = [...params, ...events, ...snapshots].filter((at) => at.place.channel === place.channel)
    return [place, ...inIt.map((at) => at.place)]
  })
  const owners = ranks([{}, ...ofChannels, ...definitions])
  const places = ranks(schemas.map(({ place }) => place))
  const rank = ({ place: { pointer, ...owner }, place }: Finding) => [
    owners.get(formatPlace(owner)) ?? -1,
    places.get(formatPlace(place)) ?? -1,
  ]
  return findings
    .map((finding) => ({ finding, rank: rank(finding) }))
    .toSorted(({ rank: [a = 0, b = 0] }, { rank: [c = 0, d = 0] }) => a - c || b - d)
    .map(({ finding }) => finding)
}

function ranks(places: readonly Place[]): ReadonlyMap<string, number> {
  return new Map(places.map((place, index) => [formatPlace(place), index]))
}

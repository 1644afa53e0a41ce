import type { ChannelModel, ParamModel } from '../../model/contract-model.ts'
import { type ChannelPath, channelPath, pathsOverlap } from '../names/channel-path.ts'
import { uniqueName } from '../names/unique.ts'
import { camelCase } from '../names/words.ts'
import type { Problems } from '../problems.ts'
import type { SchemaReader } from '../schema/schema-reader.ts'
import type { Definitions } from '../schema/schema-view.ts'
import { addressSchema } from './address-schema.ts'
import { assembleEvent, assembleEvents } from './assemble-events.ts'
import type { DraftChannel } from './draft.ts'

/** Gives channels keys and paths that they may have, so that no address belongs to two. */
export function assembleChannels(
  drafts: readonly DraftChannel[],
  schemas: SchemaReader,
  problems: Problems,
): readonly ChannelModel[] {
  const keys = new Set<string>()
  const named = drafts.map((draft): Named => {
    const key = uniqueName(channelKey(draft.key), (name) => keys.has(name))
    keys.add(key)
    return { draft, key, wanted: channelPath(draft.address) }
  })
  const paths = freePaths(named)

  return named.map((channel, index) => {
    const { draft, key, wanted } = channel
    const path = paths[index]?.join('/') ?? key
    reportPath(channel, path, problems)
    const { description, snapshot } = draft
    return {
      key,
      path,
      ...(description === undefined ? {} : { description }),
      deliver: draft.deliver ?? 'every',
      params: assembleParams(draft, wanted.params, schemas.definitions, problems),
      events: assembleEvents(draft.events, schemas, problems),
      ...(snapshot === undefined ? {} : { snapshot: assembleEvent('snapshot', snapshot, schemas, problems) }),
    }
  })
}

interface Named {
  readonly draft: DraftChannel
  readonly key: string
  readonly wanted: ChannelPath
}

function reportPath({ draft, wanted }: Named, path: string, problems: Problems): void {
  const { address, place } = draft
  if (wanted.loosened !== undefined) {
    problems.loss(place, `${wanted.loosened} (in the address "${address}")`)
  }
  if (path === address.replace(/^\/+/, '')) return
  const count = wanted.segments.length
  const why = count > 0 && path.split('/').length > count ? ': another channel has the same addresses' : ''
  const what = address === '' ? 'a channel without an address gets' : `the address "${address}" becomes`
  problems.warning(place, `${what} the path "${path}"${why}`)
}

function channelKey(wanted: string): string {
  const key = camelCase(wanted)
  return key === '' || key === '__proto__' ? 'channel' : key
}

/** The paths themselves, or beginning with the key of the channel where others have these addresses. */
function freePaths(channels: readonly Named[]): readonly (readonly string[])[] {
  const paths: (readonly string[])[] = []
  const isTaken = (segments: readonly string[]) =>
    paths.some((other) => other !== undefined && pathsOverlap(other, segments))
  // What has the fewest addresses keeps them: `{queue}` gives way to `rpc_queue`.
  const order = [...channels.keys()].sort(
    (left, right) => openness(channels[left]) - openness(channels[right]),
  )
  for (const index of order) {
    const { key, wanted } = channels[index] as Named
    const { segments } = wanted
    paths[index] =
      segments.length > 0 && !isTaken(segments)
        ? segments
        : [uniqueName(key, (name) => isTaken([name, ...segments])), ...segments]
  }
  return paths
}

function openness(channel: Named | undefined): number {
  return channel?.wanted.params.size ?? 0
}

function assembleParams(
  draft: DraftChannel,
  params: ReadonlyMap<string, string>,
  definitions: Definitions,
  problems: Problems,
): readonly ParamModel[] {
  const used = new Set(params.values())
  for (const param of draft.params) {
    if (!used.has(param.name)) {
      problems.warning(
        param.place,
        `"{${param.name}}" is not in the address "${draft.address}"; it is left out`,
      )
    }
  }
  return [...params].map(([name, original]) => {
    const declared = draft.params.find((param) => param.name === original)
    if (declared === undefined) {
      // Of a wildcard there is nothing to say.
      if (/^[+*#>]+$/.test(original)) return { name, schema: { type: 'string' } }
      problems.warning(draft.place, `nothing is said of "{${original}}" in the address; it is any string`)
      return { name, schema: { type: 'string' } }
    }
    const schema = addressSchema(declared.schema, definitions, (message) =>
      problems.loss(declared.place, message),
    )
    const { description } = declared
    return { name, schema, ...(description === undefined ? {} : { description }) }
  })
}

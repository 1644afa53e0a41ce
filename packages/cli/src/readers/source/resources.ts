import type { FileSet } from './file-set.ts'
import { isObject, type JsonRecord, member, textMember } from './json-record.ts'
import { elementsOf, identityOf, membersOf, type Place, rootOf, within } from './place.ts'
import { resolveUri } from './reference.ts'
import type { SourceFile } from './source-file.ts'

/** A schema with an `$id`, or a whole file: what pointers and anchors in it are relative to. */
export interface Resource {
  readonly root: Place
  readonly uri: string
}

/** What `$id` and `$anchor` name. */
export interface Resources {
  /** The innermost resource around a place. */
  around(place: Place): Resource
  byUri(uri: string): Place | undefined
  byAnchor(resource: Place, anchor: string): Place | undefined
}

// Under these keys stand data, in which `$id` is a member like any other.
const data = new Set(['const', 'default', 'enum', 'example', 'examples'])

export function createResources(files: FileSet): Resources {
  let index: { uris: Map<string, Place>; anchors: Map<string, Place> } | undefined

  return {
    around(place) {
      let current = rootOf(place.file)
      let resource: Resource = { root: current, uri: fileUri(place.file) }
      resource = inner(resource, current)
      for (const token of place.tokens) {
        current = within(current, token)
        resource = inner(resource, current)
      }
      return resource
    },
    byUri: (uri) => indexed().uris.get(uri),
    byAnchor: (root, anchor) => indexed().anchors.get(`${identityOf(root)} ${anchor}`),
  }

  // Only few documents refer by `$id` or anchor, so the index is made when one does.
  function indexed() {
    if (index !== undefined) return index
    index = { uris: new Map(), anchors: new Map() }
    for (const file of files.files) visit(rootOf(file), { root: rootOf(file), uri: fileUri(file) })
    return index
  }

  function visit(place: Place, around: Resource): void {
    const resource = inner(around, place)
    if (isObject(place.value)) {
      if (resource !== around && !index?.uris.has(resource.uri)) index?.uris.set(resource.uri, place)
      for (const anchor of anchorsOf(place.value)) {
        const key = `${identityOf(resource.root)} ${anchor}`
        if (!index?.anchors.has(key)) index?.anchors.set(key, place)
      }
    }
    for (const child of [...membersOf(place), ...elementsOf(place)]) {
      if (!data.has(child.tokens.at(-1) ?? '')) visit(child, resource)
    }
  }
}

function inner(around: Resource, place: Place): Resource {
  const id = identifier(place)
  const uri = id === undefined ? undefined : resolveUri(id, around.uri)
  return uri === undefined ? around : { root: place, uri: uri.replace(/#.*$/s, '') }
}

// Draft-04 wrote `id`; elsewhere `id` is too common a word.
function identifier(place: Place): string | undefined {
  const legacy = textMember(place.file.value, '$schema')?.includes('draft-04')
  const id =
    textMember(place.value, '$id') ??
    (legacy ? textMember(place.value, 'id') : undefined) ??
    // What OpenAPI 3.2 calls it, of a document.
    (place.tokens.length === 0 ? textMember(place.value, '$self') : undefined)
  return id?.startsWith('#') ? undefined : id
}

function anchorsOf(value: JsonRecord): readonly string[] {
  return [
    textMember(value, '$anchor'),
    textMember(value, '$dynamicAnchor'),
    // Before draft 2019-09 an anchor was an `$id` that is only a fragment.
    ...[member(value, '$id'), member(value, 'id')].map((id) =>
      typeof id === 'string' && id.startsWith('#') ? id.slice(1) : undefined,
    ),
  ].filter((anchor) => anchor !== undefined)
}

// A file has no URI that anyone gave it. This one serves only to compare relative ids with relative refs.
function fileUri(file: SourceFile): string {
  return `document:///${encodeURI(file.path.replaceAll('\\', '/').replace(/^\/+/, ''))}`
}

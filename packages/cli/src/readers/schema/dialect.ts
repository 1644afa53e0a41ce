/** What the forms of JSON Schema disagree on. All else is read alike, whichever of them a document says it uses. */
export interface Dialect {
  readonly name: string
  /** Whether keywords beside a `$ref` count. */
  readonly refSiblings: boolean
  /** Whether `nullable` is a keyword. */
  readonly nullable: boolean
}

const draft04: Dialect = { name: 'draft-04', refSiblings: false, nullable: false }
const draft06: Dialect = { name: 'draft-06', refSiblings: false, nullable: false }
const draft07: Dialect = { name: 'draft-07', refSiblings: false, nullable: false }
const draft2019: Dialect = { name: '2019-09', refSiblings: true, nullable: false }
export const draft2020: Dialect = { name: '2020-12', refSiblings: true, nullable: false }
export const asyncApiSchema: Dialect = { name: 'AsyncAPI', refSiblings: false, nullable: false }
export const openApi30Schema: Dialect = { name: 'OpenAPI 3.0', refSiblings: false, nullable: true }
export const openApi31Schema: Dialect = { name: 'OpenAPI 3.1', refSiblings: true, nullable: false }

/** The dialect that a `$schema` names. */
export function dialectOfUri(uri: string): Dialect | undefined {
  if (/spec\.openapis\.org\/oas\/3\.[1-9]/.test(uri)) return openApi31Schema
  return dialectOfVersion(uri)
}

/** What a `schemaFormat` of AsyncAPI says: a dialect, or the name of a language that is none of JSON Schema. */
export function dialectOfFormat(format: string): Dialect | string {
  const text = format.toLowerCase()
  const version = /version\s*=\s*"?([^;"\s]+)/.exec(text)?.[1] ?? ''
  if (text.includes('vnd.aai.asyncapi')) return asyncApiSchema
  if (text.includes('vnd.oai.openapi')) return version.startsWith('3.0') ? openApi30Schema : openApi31Schema
  if (text.includes('avro')) return 'Avro'
  if (text.includes('protobuf')) return 'Protobuf'
  if (text.includes('raml')) return 'RAML'
  if (/application\/(schema\+)?(json|yaml)/.test(text)) return dialectOfVersion(version) ?? draft07
  return `"${format}"`
}

function dialectOfVersion(text: string): Dialect | undefined {
  if (/draft-?0?4/.test(text)) return draft04
  if (/draft-?0?[56]/.test(text)) return draft06
  if (/draft-?0?7/.test(text)) return draft07
  if (/2019-?09/.test(text)) return draft2019
  if (/2020-?12/.test(text)) return draft2020
  return undefined
}

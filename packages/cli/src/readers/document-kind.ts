import { looksLikeSchema } from './schema/keywords.ts'
import { describeValue, isObject, member } from './source/json-record.ts'
import type { Place } from './source/place.ts'

/** What a document is, or why it is none that can be read. */
export type DocumentKind =
  | { readonly kind: 'asyncapi' | 'openapi' | 'json-schema'; readonly remark?: string }
  | { readonly kind?: never; readonly why: string }

/** Tells what kind of document this is by what it says of itself. */
export function documentKind(root: Place): DocumentKind {
  const { value } = root
  if (!isObject(value)) return { why: `a document must be an object, not ${describeValue(value)}` }
  if (Object.hasOwn(value, 'asyncapi')) return versioned(root, 'asyncapi', ['2', '3'])
  if (Object.hasOwn(value, 'openapi')) return versioned(root, 'openapi', ['3'])
  if (Object.hasOwn(value, 'swagger')) {
    return { why: 'Swagger 2.0 has no event streams; convert the document to OpenAPI 3.1 first' }
  }
  const isSchema = ['$schema', '$defs', 'definitions'].some(
    (name) => isObject(value[name]) || typeof value[name] === 'string',
  )
  if (isSchema || looksLikeSchema(value)) return { kind: 'json-schema' }
  const keys = Object.keys(value).slice(0, 5)
  return {
    why: `this is neither AsyncAPI, OpenAPI nor JSON Schema: it begins with ${keys.map((key) => `"${key}"`).join(', ') || 'nothing'}; if others refer to it, read those`,
  }
}

const newest = { asyncapi: '3.1', openapi: '3.2' } as const

function versioned(root: Place, kind: 'asyncapi' | 'openapi', majors: readonly string[]): DocumentKind {
  const stated = member(root.value, kind)
  const isStated = typeof stated === 'string' || typeof stated === 'number'
  const text = isStated ? (root.file.textOf([kind]) ?? String(stated)) : ''
  const [major = '', minor = '0'] = text.split('.')
  const name = kind === 'asyncapi' ? 'AsyncAPI' : 'OpenAPI'
  if (!majors.includes(major)) {
    return {
      why: `${name} ${describeValue(stated)} is not known; ${majors.map((known) => `${known}.x`).join(' and ')} are`,
    }
  }
  if (typeof stated !== 'string')
    return { kind, remark: `the version of ${name} should be a string: "${text}.0"` }
  const [, known] = newest[kind].split('.')
  const isNewer = major === '3' && Number(minor) > Number(known)
  return isNewer
    ? { kind, remark: `${name} ${text} is newer than ${newest[kind]}, as which it is read` }
    : { kind }
}

import type { JsonSchemaObject } from '../model/json-schema.ts'

/** How a format of strings is said in Zod: by a function, or by a pattern. */
export type StringFormat =
  | { readonly call: string; readonly args?: string }
  | { readonly pattern: string; readonly flags: string }

const uriCharacter = String.raw`[\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2}`
const pointer = '(?:/(?:[^~/]|~0|~1)*)*'
const variable = '(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\\*)?'

const formats: Readonly<Record<string, StringFormat>> = {
  'date-time': { call: 'iso.datetime', args: '{ offset: true }' },
  date: { call: 'iso.date' },
  time: {
    pattern: String.raw`^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`,
    flags: 'i',
  },
  duration: { call: 'iso.duration' },
  email: { call: 'email' },
  hostname: { call: 'hostname' },
  ipv4: { call: 'ipv4' },
  ipv6: { call: 'ipv6' },
  uri: { call: 'url' },
  url: { call: 'url' },
  // Any version, and those of none: `z.uuid()` would refuse data that the format allows.
  uuid: { call: 'guid' },
  byte: { call: 'base64' },
  base64: { call: 'base64' },
  'json-pointer': { pattern: `^${pointer}$`, flags: '' },
  'relative-json-pointer': { pattern: `^(?:0|[1-9][0-9]*)(?:#|${pointer})$`, flags: '' },
  'uri-reference': { pattern: `^(?:${uriCharacter})*$`, flags: 'i' },
  'uri-template': {
    pattern: String.raw`^(?:[^\x00-\x20"'<>%\\^${'`'}{|}]|%[0-9a-f]{2}|\{[+#./;?&=,!@|]?${variable}(?:,${variable})*\})*$`,
    flags: 'i',
  },
}

const base64 = '^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$'

/** Whether a schema is what Zod says of base64, which JSON Schema has no format for. */
export function isBase64({ contentEncoding, pattern }: JsonSchemaObject): boolean {
  return contentEncoding === 'base64' && pattern === base64
}

/** What checks a format of strings; `undefined` for one that is only a remark. */
export function stringFormat(name: string): StringFormat | undefined {
  return Object.hasOwn(formats, name) ? formats[name] : undefined
}

import { createHash } from 'node:crypto'

/** What stands in place of a key where there is none. No hash looks like it. */
const noKey = '-'

/** The longest that the words of a topic may be. The server has 4,096 bytes for all that stands on a line. */
const longest = 1_024

/** Every record's subject. */
export const allOf = (name: string) => `${name}.>`

/** Where processes tell each other that there is something to read: outside of the stream, so that nobody keeps it. */
export const wakeSubjectOf = (name: string) => `_millrace.${name}`

/**
 * The subject of a record: the name of the log, a word for each part of the topic, and one for the key. So `orders/42` is found by
 * `millrace.orders.42.*`, and a key with its topic by one subject that no other record has.
 */
export function subjectOf(name: string, topic: string, key: string | undefined): string {
  const words = topic.split('/').map(wordOf).join('.')
  const place = words.length <= longest ? words : `%.${hashOf(topic)}`
  return `${name}.${place}.${key === undefined ? noKey : hashOf(key)}`
}

/** Short, and of characters that stand in any subject. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

// A word is never empty and holds no `.`, `*`, `>`, white space or control character.
function wordOf(part: string): string {
  if (/^[\w-]+$/.test(part)) return part
  return part === ''
    ? '%'
    : encodeURIComponent(part).replace(/[.*]/g, (sign) => (sign === '.' ? '%2E' : '%2A'))
}

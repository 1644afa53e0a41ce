import { createHash } from 'node:crypto'

/** What stands in place of a key where there is none. No hash looks like it. */
const noKey = '-'

/** The longest that the words of a topic may be. The server has 4,096 bytes for all that stands on a line. */
const longest = 1_024

/**
 * What the subjects of a stream's records begin with: the name of the log and a word that is another one for each stream of that name. So
 * what is meant for one stream never gets into the next.
 */
export const prefixOf = (name: string, epoch: string) => `${name}.${epoch}`

/** The word that a stream's subjects have, where they are a log's. */
export function wordOfStream(name: string, subjects: readonly string[] = []): string | undefined {
  const [subject = '', ...more] = subjects
  const [first, word = '', rest, ...others] = subject.split('.')
  const fits = first === name && /^[0-9a-z]{1,20}$/.test(word) && rest === '>' && others.length === 0
  return fits && more.length === 0 ? word : undefined
}

/** Where processes tell each other that there is something to read: outside of the stream, so that nobody keeps it. */
export const wakeSubjectOf = (name: string) => `_millrace.${name}`

/**
 * What follows in the subject of a record: a word for each part of the topic, and one for the key. So `orders/42` is found by
 * `millrace.*.orders.42.*`, and a key with its topic by one subject that no other record has.
 */
export function pathOf(topic: string, key: string | undefined): string {
  return `${placeOf(topic)}.${key === undefined ? noKey : hashOf(key)}`
}

/** The same for all records of a topic, whatever their keys. */
export function topicPathOf(topic: string): string {
  return `${placeOf(topic)}.*`
}

function placeOf(topic: string): string {
  const words = topic.split('/').map(wordOf).join('.')
  return words.length <= longest ? words : `%.${hashOf(topic)}`
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

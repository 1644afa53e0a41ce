import type { NewRecord } from '../log.ts'

const texts = ['topic', 'event', 'data', 'key', 'trace'] as const

/**
 * Which property of a record an engine whose text is UTF-8 would give back as another one, because half of a surrogate pair stands in
 * it; `undefined` for none.
 *
 * @param more what else the engine cannot hold
 */
export function lossyProperty(
  record: NewRecord,
  more: (text: string) => boolean = () => false,
): (typeof texts)[number] | undefined {
  return texts.find((name) => {
    const text = record[name]
    return text !== undefined && (hasLoneSurrogate(text) || more(text))
  })
}

// What is asked first settles nearly every text; with `u` only those are found that have no other half.
function hasLoneSurrogate(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && /[\ud800-\udfff]/u.test(text)
}

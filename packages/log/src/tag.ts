// 36^5 is about 2^26: of sixty million restored backups one goes unnoticed by a subscriber. The tag stands in every event's id,
// so each character costs a byte an event.
const length = 5
const count = 36 ** length

/**
 * Makes a tag for the records of one append: five characters of `0-9a-z`, random.
 *
 * @param random A random whole number from 0 to below 2^32.
 * @param now Milliseconds on any scale.
 * @default random `crypto.getRandomValues`
 * @default now `Date.now`
 */
export function randomTag(random: () => number = randomly, now: () => number = Date.now): string {
  // A machine that is put back together with its memory draws the same numbers again. Its clock tells another time by then.
  const number = (random() + Math.floor(now())) % count
  return number.toString(36).padStart(length, '0')
}

// Many at once: a draw of one costs nearly as much as one of all.
const words = new Uint32Array(128)
let drawn = words.length

function randomly(): number {
  if (drawn === words.length) {
    crypto.getRandomValues(words)
    drawn = 0
  }
  const word = words[drawn] as number
  drawn += 1
  return word
}

import { formatCursor, parseCursor } from '@millrace/protocol'

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

// 36^10 is about 2^51. Only the lives of one log are ever compared, so chance repeats none of them, and the epoch
// stands in every event's id, so each character costs a byte an event.
const length = 10

// The largest multiple of 36 that fits into a byte. Bytes from here on are thrown away: their remainders would make
// the first four characters likelier than the others.
const fairBytes = 252

/**
 * Makes the identity of a new life of a log: ten random characters of `0-9a-z`.
 *
 * @param fill Fills an array with random bytes.
 * @default fill `crypto.getRandomValues`
 */
export function randomEpoch(fill: (bytes: Uint8Array<ArrayBuffer>) => void = fillRandomly): string {
  let epoch = ''
  const bytes = new Uint8Array(length)
  while (epoch.length < length) {
    fill(bytes)
    for (const byte of bytes) {
      if (byte < fairBytes && epoch.length < length) epoch += alphabet.charAt(byte % alphabet.length)
    }
  }
  return epoch
}

/** Whether a text can stand as the epoch in a cursor: the cursor's own grammar decides. */
export function isEpoch(text: string): boolean {
  return parseCursor(formatCursor({ epoch: text, offset: 0 }))?.epoch === text
}

function fillRandomly(bytes: Uint8Array<ArrayBuffer>): void {
  crypto.getRandomValues(bytes)
}

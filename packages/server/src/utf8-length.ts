const encoder = new TextEncoder()

// Never read: to write a text is faster than to look at each of its characters.
const scratch = new Uint8Array(4_096)

/** How many bytes a text has in UTF-8, where a lone surrogate becomes U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0
  for (let rest = text; ; ) {
    const { read, written } = encoder.encodeInto(rest, scratch)
    length += written
    if (read === rest.length) return length
    rest = rest.slice(read)
  }
}

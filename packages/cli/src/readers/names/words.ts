/** The words in a name of any writing: `user-signed_up`, `User signed up`, `userSignedUp`. Letters lose their accents. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
}

/** `userSignedUp`; empty where no letter is left. An identifier stays as it is. */
export function camelCase(text: string): string {
  if (/^[A-Za-z_]\w*$/.test(text)) return text
  const [first = '', ...rest] = wordsOf(text)
  const joined = first.charAt(0).toLowerCase() + first.slice(1) + rest.map(capitalised).join('')
  return joined.replace(/^\d+/, (digits) => `_${digits}`)
}

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

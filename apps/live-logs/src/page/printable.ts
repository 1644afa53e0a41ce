// CSI sequences (colours, cursor moves), OSC sequences (titles, links), and the two-character ones.
const escapeSequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u001b\u009b](?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-Z\\^-~])/g
const controls = /\p{Cc}/gu

/** Text as it can be shown and searched: without terminal colours, every other control character as its picture. */
export function printable(text: string): string {
  return text.replace(escapeSequences, '').replace(controls, picture)
}

function picture(character: string): string {
  const code = character.charCodeAt(0)
  if (character === '\t') return character
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\uFFFD'
}

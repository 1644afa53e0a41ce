/** JSON text with `//` and block comments turned into spaces, every line and column kept. */
export function blankComments(text: string): string {
  return text.replace(
    /("[^"\\]*(?:\\.[^"\\]*)*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g,
    (found, quoted: string | undefined) => quoted ?? found.replace(/[^\r\n]/g, ' '),
  )
}

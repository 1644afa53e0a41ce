/** The name itself, or with the first number from 2 that makes it new. */
export function uniqueName(wanted: string, taken: (name: string) => boolean): string {
  if (!taken(wanted)) return wanted
  for (let number = 2; ; number++) {
    const numbered = `${wanted}${/\d$/.test(wanted) ? '_' : ''}${number}`
    if (!taken(numbered)) return numbered
  }
}

/** Hands out names, each once. */
export interface NameScope {
  claim(wanted: string): string
}

/** What the source uses itself, and words of the language. */
const taken = [
  'Array',
  'Map',
  'Set',
  'URL',
  'Uint8Array',
  'Date',
  'EventOf',
  'Record',
  'break case catch class const continue debugger default delete do else enum export extends false finally for function',
  'if import in instanceof new null return super switch this throw true try typeof var void while with implements interface',
  'let package private protected public static yield await any bigint boolean never number object string symbol undefined',
  'unknown channel date defineContract either fields lazy list map nullable set tagged url bytes',
].flatMap((words) => words.split(' '))

export function createNameScope(): NameScope {
  const names = new Set(taken)
  return {
    claim(wanted) {
      let name = wanted
      for (let count = 2; names.has(name); count += 1) name = `${wanted}${count}`
      names.add(name)
      return name
    },
  }
}

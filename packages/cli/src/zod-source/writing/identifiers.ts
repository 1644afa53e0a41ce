/** Words that are no names of values in a module. */
const reserved: ReadonlySet<string> = new Set(
  `abstract arguments as async await boolean break case catch class const continue debugger default delete do else enum eval
  export extends false finally for from function get if implements import in instanceof interface let new null number object
  of package private protected public return set static string super switch symbol this throw true try type typeof undefined
  unknown never any var void while with yield NaN Infinity Array Object String Number Boolean Set Map Date RegExp JSON`.split(
    /\s+/,
  ),
)

/** Gives each thing of a module a name of its own. */
export interface Names {
  /** The name for these words, as that of a value: `Order placed` is `orderPlaced`. */
  value(words: string): string
  /** The name of a type: `OrderPlaced`. */
  type(words: string): string
}

export function createNames(taken: Iterable<string>): Names {
  const used = new Set([...reserved, ...taken])
  const unused = (wanted: string): string => {
    const alternatives = [wanted, `${wanted}Schema`]
    let name = alternatives.find((candidate) => !used.has(candidate))
    for (let count = 2; name === undefined; count += 1) {
      if (!used.has(`${wanted}${count}`)) name = `${wanted}${count}`
    }
    used.add(name)
    return name
  }
  return {
    value: (words) => unused(lowerFirst(pascal(words)) || 'schema'),
    type: (words) => unused(pascal(words) || 'Data'),
  }
}

// Letters of any script, as JavaScript allows in names.
function pascal(text: string): string {
  const name = text
    .normalize('NFC')
    .split(/[^\p{ID_Continue}$]+|_/u)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  return name === '' || /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`
}

// `HTTPError` is `httpError`, `URL` is `url`, `ID3` is `id3`.
function lowerFirst(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+(?=\d|$)|^./u, (start) => start.toLowerCase())
}

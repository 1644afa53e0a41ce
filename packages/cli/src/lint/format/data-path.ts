const steps = /^\/(?:(properties|patternProperties|prefixItems|anyOf|oneOf|allOf)\/([^/]*)|([^/]+))/

/** A pointer in a schema as a path in the data, which is shorter: `/properties/lines/items/oneOf/1` is `lines[]|2`. */
export function dataPath(pointer: string): string {
  let path = ''
  let rest = pointer
  for (let step = steps.exec(rest); step !== null; step = steps.exec(rest)) {
    const [text, keyword, name = '', alone] = step
    path += stepText(keyword ?? alone ?? '', name.replaceAll('~1', '/').replaceAll('~0', '~'), path === '')
    rest = rest.slice(text.length)
  }
  return path
}

function stepText(keyword: string, name: string, isFirst: boolean): string {
  switch (keyword) {
    case 'properties':
      return isFirst ? name : `.${name}`
    case 'prefixItems':
      return `[${name}]`
    case 'items':
      return '[]'
    case 'anyOf':
    case 'oneOf':
      return `|${Number(name) + 1}`
    case 'allOf':
      return `&${Number(name) + 1}`
    default:
      return '{}'
  }
}

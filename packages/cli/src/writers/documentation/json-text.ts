/** Longest list that stands on one line. */
const short = 60

/** Whether a value stands on one line in an example: what is no list, or a short one. */
export function isOnOneLine(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Array.isArray(value) && !value.some(isObject) && JSON.stringify(value).length <= short
}

/** A value as indented JSON, in which short lists take one line. */
export function jsonText(value: unknown, indent = ''): string {
  if (isOnOneLine(value)) return onOneLine(value)
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const items = isList
    ? value.map((item) => jsonText(item, inner))
    : Object.entries(value as object).map(
        ([key, member]) => `${JSON.stringify(key)}: ${jsonText(member, inner)}`,
      )
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (items.length === 0) return `${open}${close}`
  return `${open}\n${items.map((item) => `${inner}${item}`).join(',\n')}\n${indent}${close}`
}

function onOneLine(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(onOneLine).join(', ')}]` : JSON.stringify(value)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (!Array.isArray(value) || value.some(isObject))
}

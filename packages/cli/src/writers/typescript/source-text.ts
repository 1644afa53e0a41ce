import type { Group, Layout } from './layout.ts'

/** A string as source, in single quotes unless it holds some. */
export function quote(text: string): string {
  const double = JSON.stringify(text)
  if (text.includes("'") && !text.includes('"')) return double
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A JSON value as source; also its type, where it is no object. */
export function literal(value: unknown): Layout {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return { open: '[', close: ']', items: value.map(literal), separator: ',' }
  if (typeof value !== 'object' || value === null) return String(value)
  return objectOf(Object.entries(value).map(([key, member]) => [`${propertyName(key)}: `, literal(member)]))
}

/** An object literal, or its type when separated by `;`. */
export function objectOf(
  items: readonly Layout[],
  separator: Group['separator'] = ',',
  broken = false,
): Group {
  return { open: '{ ', close: ' }', items, separator, broken }
}

/** A call: `name(…)`. */
export function call(name: string, ...items: readonly Layout[]): Layout {
  // A last object keeps its brackets with those of the call: `tagged('kind', { … })`.
  const first = items.slice(0, -1)
  return first.every((item) => typeof item === 'string')
    ? [`${name}(`, ...first.map((item) => `${item}, `), items.at(-1) ?? '', ')']
    : { open: `${name}(`, close: ')', items, separator: ',' }
}

/** A key of an object or a type. `__proto__` in quotes would set a prototype; in brackets it is a key like others. */
export function propertyName(key: string): string {
  if (key === '__proto__') return "['__proto__']"
  return isIdentifier(key) ? key : quote(key)
}

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)
}

/** A comment above a declaration, with its line break; nothing when there is nothing to say. */
export function comment(text: string | undefined, deprecated: boolean | undefined): string {
  const lines = [...(text?.trim().split(/\r\n?|\n/) ?? []), ...(deprecated ? ['@deprecated'] : [])]
    .map((line) => line.replaceAll('*/', '*\\/').trimEnd())
    .filter((line, index, all) => line !== '' || (index > 0 && all[index - 1] !== ''))
  if (lines.length === 0) return ''
  if (lines.length === 1) return `/** ${lines[0]} */\n`
  return `/**\n${lines.map((line) => (line === '' ? ' *' : ` * ${line}`)).join('\n')}\n */\n`
}

/** JSON with the keys of every object in order: equal values have equal texts. */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let members = ''
  for (const key of Object.keys(value).sort()) {
    const member: unknown = value[key as keyof typeof value]
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${stableText(member)}`
  }
  return `{${members}}`
}

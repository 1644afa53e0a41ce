const valid = /^[A-Za-z_][A-Za-z0-9_.-]*$/
const reserved = new Set(['error', 'open', 'message'])

/**
 * A name that an event of a contract may have: letters, digits, `.`, `_`, `-`, and none that clients deliver as their own
 * (`error`, `open`, `message`). Empty where nothing of the name can stay.
 */
export function eventName(wanted: string): string {
  const name = isObjectsOwn(wanted) ? wanted.replaceAll('_', '') : legal(wanted.replace(/^millrace\./, ''))
  return reserved.has(name) ? `${name}Event` : name
}

function legal(wanted: string): string {
  if (valid.test(wanted)) return wanted
  const cleaned = wanted
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .trim()
    .replace(/[/:]+/g, '.')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
  return /^\d/.test(cleaned) ? `_${cleaned}` : cleaned
}

// As a key of an object literal it would set what the object inherits from.
function isObjectsOwn(name: string): boolean {
  return name === '__proto__'
}

/** A name for a contract, lower-case letters, digits and `-`: `Slack RTM API` is `slack-rtm-api`. */
export function contractName(title: string, fallback: string): string {
  const name = slug(title) || slug(fallback) || 'contract'
  return /^[a-z]/.test(name) ? name : `contract-${name}`
}

function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '')
  return plain
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

const semantic = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/

/** A semantic version from what an author wrote: `v2` is `2.0.0`, `2024-05-01` is `2024.5.1`. */
export function semanticVersion(text: string): string {
  const trimmed = text.trim().replace(/^v(?=\d)/i, '')
  if (semantic.test(trimmed)) return trimmed
  const [, major, minor = '0', patch = '0', label = ''] =
    /^(\d+)(?:[._-](\d+))?(?:[._-](\d+))?(.*)$/s.exec(trimmed) ?? []
  if (major === undefined) return '0.0.0'
  const suffix = label.replace(/[^0-9A-Za-z.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '')
  return `${[major, minor, patch].map(withoutZeros).join('.')}${suffix === '' ? '' : `-${suffix}`}`
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

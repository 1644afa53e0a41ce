import { percentDecoded } from './pointer.ts'

/** A `$ref` taken apart. */
export interface Reference {
  /** What stands before the `#`: empty for the same file. */
  readonly target: string
  /** What stands after it, percent-encoded as written; `undefined` without a `#`. */
  readonly fragment: string | undefined
}

export function parseReference(text: string): Reference {
  const hash = text.indexOf('#')
  if (hash === -1) return { target: text.trim(), fragment: undefined }
  return { target: text.slice(0, hash).trim(), fragment: text.slice(hash + 1).trim() }
}

/** Whether it names something by its scheme: `https:`, `urn:`. A drive letter is none. */
export function hasScheme(target: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(target)
}

/** The file that a reference names, for a file system. */
export function filePart(target: string): string {
  return percentDecoded(target.replace(/\?.*$/s, ''))
}

/** A URI against a base; `undefined` where they make none. */
export function resolveUri(target: string, base: string | undefined): string | undefined {
  try {
    return new URL(target, base).href
  } catch {
    return undefined
  }
}

import type { JsonSchemaObject } from '../../model/json-schema.ts'
import { stableText } from '../shape/stable-text.ts'
import type { Walker } from './walker.ts'

const documentation = ['title', 'description', 'examples'] as const

/** Compares what is said about a schema and decides nothing. */
export function walkAnnotations(
  old: JsonSchemaObject,
  next: JsonSchemaObject,
  pointer: string,
  { note }: Walker,
): void {
  const changed = documentation.filter((keyword) => stableText(old[keyword]) !== stableText(next[keyword]))
  if (changed.length > 0) {
    note('documentation-changed', pointer, `Its ${changed.join(', ')} ${verbFor(changed)}`)
  }
  if (!old.deprecated && next.deprecated) note('deprecated', pointer, 'It is deprecated')
  if (old.deprecated && !next.deprecated) note('undeprecated', pointer, 'It is no longer deprecated')
  const from = old.discriminator?.propertyName
  const to = next.discriminator?.propertyName
  if (from !== to) note('discriminator-changed', pointer, `Its discriminator ${fromTo(from, to)}`)
}

function verbFor(changed: readonly string[]): string {
  return changed.length > 1 || changed[0] === 'examples' ? 'have changed' : 'has changed'
}

function fromTo(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return `is now "${to}"`
  return to === undefined ? `"${from}" was removed` : `changed from "${from}" to "${to}"`
}

import type { Annotations } from '../facets/annotations.ts'
import type { Remark } from '../layout/comment.ts'

const longestPreset = 80

/** What a comment says of a schema, to those who read the source, or its types in an editor. */
export function remarkOf(annotations: Annotations = {}): Remark {
  const preset = 'default' in annotations ? JSON.stringify(annotations.default) : undefined
  return {
    text: annotations.description,
    deprecated: annotations.deprecated,
    preset: preset !== undefined && preset.length > longestPreset ? undefined : preset,
  }
}

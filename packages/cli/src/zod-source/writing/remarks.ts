import type { Annotations } from '../facets/annotations.ts'
import { commentLines } from '../layout/comment.ts'
import type { Writer } from './writer.ts'

const longestPreset = 80

/** The comment that goes with a schema's annotations. */
export function remarkLines(
  annotations: Annotations | undefined,
  { descriptions, width }: Pick<Writer, 'descriptions' | 'width'>,
): readonly string[] {
  if (annotations === undefined || descriptions === 'meta') return []
  const preset = 'default' in annotations ? JSON.stringify(annotations.default) : undefined
  return commentLines(
    {
      text: annotations.description,
      deprecated: annotations.deprecated,
      preset: preset !== undefined && preset.length > longestPreset ? undefined : preset,
    },
    width,
  )
}

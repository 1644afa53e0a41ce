import { extensions } from '../model/extensions.ts'
import type { DraftContract } from './draft/draft.ts'
import { textMember } from './source/json-record.ts'
import { type Place, within } from './source/place.ts'

/** What AsyncAPI and OpenAPI alike say of a document as a whole. */
export function readInfo(root: Place): Omit<DraftContract, 'channels'> {
  const info = within(root, 'info')
  const title = textMember(info.value, 'title')
  const name = textMember(info.value, extensions.name)
  const version = within(info, 'version')
  return {
    place: root,
    name,
    // Our own writers put the name where a contract has no title.
    title: title !== undefined && /^[a-z][a-z0-9-]*$/.test(title) && name === undefined ? undefined : title,
    ...(title === undefined || name !== undefined ? {} : { name: title }),
    version: version.value === undefined ? undefined : version,
    description: textMember(info.value, 'description'),
  }
}

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readDocument } from '../readers/read-document.ts'
import type { Location } from './locate.ts'
import type { Source } from './source.ts'

/** Reads a document, and the files beside it that it refers to. */
export async function readDocumentSource({ path, label, prefix, root }: Location): Promise<Source> {
  const text = await readFile(path, 'utf8')
  const parts: string[] = []
  const { model, problems, placeOf } = await readDocument({
    file: label,
    text,
    load(name) {
      const file = resolve(root, name.startsWith(prefix) ? name.slice(prefix.length) : name)
      parts.push(file)
      return readFile(file, 'utf8')
    },
  })
  return {
    label,
    kind: 'document',
    contracts: [{ name: model?.name ?? label, model, problems, placeOf }],
    parts,
  }
}

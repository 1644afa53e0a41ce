import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { assertSound, outline, places } from './read.fixture.ts'
import { readDocument } from './read-document.ts'

// Documents of others, which are no part of this repository.
const folder = resolve(import.meta.dirname, '../../../../../shared/documents')
const files = existsSync(folder) ? globSync('**/*.{yml,yaml,json}', { cwd: folder }).sort() : []
const isDocument = (file: string) =>
  /^\s*["']?(asyncapi|openapi)\b/m.test(readFileSync(join(folder, file), 'utf8'))

// Losses of these documents are their headers, their correlation ids and that messages answer each other; warnings are
// addresses that are no paths, and examples that are wrong.
const known =
  /\/(headers|correlationId|reply|address|channels\/[^/]+|messages\/[^/]+|operations\/[^/]+|examples\/\d+\/payload)$/

test.skipIf(files.length === 0).for(files.filter(isDocument))('%s', async (file) => {
  const { model, problems } = await readDocument({
    file,
    text: readFileSync(join(folder, file), 'utf8'),
    load: async (path) => readFileSync(join(folder, path), 'utf8'),
  })
  if (model === undefined) throw new Error('no model')
  assertSound(model)
  expect(places(problems).filter((place) => !known.test(place))).toEqual([])
})

const expected: Readonly<Record<string, readonly string[]>> = {
  'spec-gitter-streaming.yml': ['rooms rooms/{roomId}/{resource}: chatMessage, heartbeat'],
  'spec-oneof.yml': ['test test: testMessages', 'test2 test2: objectWithKey, objectWithKey2'],
  'spec-social-media/backend/asyncapi.yaml': [
    'notifyAllCommentLiked comment/liked: commentLiked',
    'newLikeComment like/comment: likeComment',
    'commentsCountChange comment/{commentId}/changed: commentChanged',
    'updateCommentsCount update/comment/likes: updateCommentLikes',
  ],
  'kubescape-synchronizer.yaml': [
    'root root: newChecksum, objectDeleted, getObject, patchObject, putObject, batch',
  ],
}

test.skipIf(files.length === 0).for(Object.keys(expected))(
  '%s has these channels and events',
  async (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const load = async (path: string) => readFileSync(join(folder, path), 'utf8')
    const { model } = await readDocument({ file, text, load })
    expect(model && outline(model)).toEqual(expected[file])
  },
)

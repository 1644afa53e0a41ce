import { expect, it } from 'vitest'
import { changesetFor } from './changeset.ts'
import { changeBy } from './note.ts'

const added = changeBy(
  'event-added',
  { channel: 'orders', event: 'shipped' },
  'The event "shipped" was added',
)
const removed = changeBy(
  'snapshot-removed',
  { channel: 'orders', snapshot: true },
  'It has no snapshot any more',
)
const described = changeBy('documentation-changed', { channel: 'orders' }, 'The description was changed')
const packageName = '@acme/contracts'

it('raises the package and tells who is concerned', () => {
  expect(changesetFor({ packageName, changes: [described, added, removed] })).toBe(`---
"@acme/contracts": major
---

The contract changed in ways that break those who use it.

Breaking:

- \`orders (snapshot)\`: It has no snapshot any more (wire, source)

New:

- \`orders.shipped\`: The event "shipped" was added

Also:

- \`orders\`: The description was changed
`)
})

it('takes a summary', () => {
  const text = changesetFor({ packageName, changes: [added], summary: 'Tell when an order leaves' })
  expect(text).toBe(`---
"@acme/contracts": minor
---

Tell when an order leaves

New:

- \`orders.shipped\`: The event "shipped" was added
`)
})

it('raises the second number below 1.0.0', () => {
  expect(changesetFor({ packageName, packageVersion: '0.3.0', changes: [removed] })).toContain(
    '"@acme/contracts": minor\n',
  )
  expect(changesetFor({ packageName, packageVersion: '0.3.0', changes: [added] })).toContain(
    '"@acme/contracts": patch\n',
  )
  expect(changesetFor({ packageName, packageVersion: '1.3.0', changes: [removed] })).toContain(
    '"@acme/contracts": major\n',
  )
})

it('is empty when nothing changed', () => {
  expect(changesetFor({ packageName, changes: [] })).toBe('')
})

import { expect, test } from 'vitest'
import { places, readPayload } from '../read.fixture.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const tagged = (value: unknown) => ({ type: 'object', properties: { kind: value }, required: ['kind'] })
const at = '#/channels/things/messages/happened/payload'

test('a discriminator is kept where constants tell the options apart', async () => {
  const schemas = {
    Cat: tagged({ const: 'cat' }),
    Dog: { allOf: [ref('Base'), tagged({ enum: ['dog', 'wolf'] })] },
    Base: { type: 'object' },
  }
  const payload = { oneOf: [ref('Cat'), ref('Dog')], discriminator: 'kind' }
  const { schema, problems } = await readPayload(payload, { schemas })
  expect(schema).toEqual({
    oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }],
    discriminator: { propertyName: 'kind' },
  })
  expect(problems).toEqual([])
})

test('a mapping gives an option the constant that it lacks', async () => {
  const schemas = { Cat: tagged({ type: 'string' }), Dog: tagged({ type: 'string' }) }
  const mapping = { cat: '#/components/schemas/Cat', dog: 'Dog', wolf: 'Dog' }
  const payload = { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind', mapping } }
  const { schema, problems } = await readPayload(payload, { schemas })
  const option = (name: string, kind: object) => ({
    allOf: [{ $ref: `#/$defs/${name}` }, { type: 'object', properties: { kind }, required: ['kind'] }],
  })
  expect(schema).toEqual({
    oneOf: [option('Cat', { const: 'cat' }), option('Dog', { enum: ['dog', 'wolf'] })],
    discriminator: { propertyName: 'kind' },
  })
  expect(problems).toEqual([])
})

test.each([
  ['no constants', { Cat: tagged({ type: 'string' }), Dog: tagged({ type: 'string' }) }],
  ['equal constants', { Cat: tagged({ const: 'cat' }), Dog: tagged({ const: 'cat' }) }],
  [
    'a constant that may be absent',
    { Cat: { properties: { kind: { const: 'cat' } } }, Dog: tagged({ const: 'dog' }) },
  ],
])('with %s the union is kept without its discriminator', async (_name, schemas) => {
  const payload = { anyOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } }
  const { schema, problems } = await readPayload(payload, { schemas })
  expect(schema).toEqual({ anyOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] })
  expect(places(problems)).toEqual([`warning ${at}/discriminator`])
})

test('subtypes that only a mapping names are a loss', async () => {
  const schemas = { Cat: { allOf: [ref('Pet'), { type: 'object' }] }, Pet: tagged({ type: 'string' }) }
  const payload = { ...schemas.Pet, discriminator: { propertyName: 'kind', mapping: { cat: 'Cat' } } }
  const { problems } = await readPayload(payload, { schemas })
  expect(places(problems)).toEqual([`loss ${at}/discriminator`])
})

test('a discriminator without a name is a loss', async () => {
  const { problems } = await readPayload({ oneOf: [true, false], discriminator: {} })
  expect(places(problems)).toEqual([`loss ${at}/discriminator`])
})

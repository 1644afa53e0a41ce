import { readFile } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { temporaryFolder } from '../temporary-folder.fixture.ts'
import { typeCheck } from '../trial/type-check.ts'
import { someContracts } from '../writers/some-contracts.fixture.ts'
import { modelOf } from './testing/differential.fixture.ts'
import { evaluate } from './testing/evaluate.fixture.ts'
import { createRandom } from './testing/random.fixture.ts'
import { randomDefinitions } from './testing/random-schema.fixture.ts'
import { writeZodSource } from './write-zod-source.ts'

const flavours = ['zod', 'mini'] as const

it('has types, in both flavours, that hold for every construct', async () => {
  const folder = await temporaryFolder()
  onTestFinished(() => folder.remove())
  const every = modelOf(
    Object.assign({}, ...Array.from({ length: 26 }, (_, index) => definitionsOf(index + 1))),
  )
  const models: readonly ContractModel[] = [every, trees, ...Object.values(someContracts)]
  expect(every.channels[0]?.events).toHaveLength(208)

  const written: string[] = []
  for (const flavour of flavours) {
    for (const [index, model] of models.entries()) {
      const { source } = writeZodSource(model, { flavour })
      evaluate(source)
      written.push(await folder.write(`contract-${index}-${flavour}.ts`, source))
    }
    await folder.write(`use-${flavour}.ts`, use(`./contract-1-${flavour}.ts`))
    await folder.write(`misuse-${flavour}.ts`, misuse(`./contract-1-${flavour}.ts`))
  }
  const faults = await typeCheck(folder.path)
  const ours = [...faults].filter(([file]) => /^(contract|use)-/.test(file))
  expect(ours).toEqual([])
  // Types that hold of anything would hold of these, too.
  for (const flavour of flavours) expect(faults.get(`misuse-${flavour}.ts`)).toHaveLength(3)
  for (const file of written) expect(await readFile(file, 'utf8')).not.toMatch(/[:<] ?any\b|\bas\b(?! z )/)
})

/** The definitions of a seed, by names of their own. */
function definitionsOf(seed: number): Readonly<Record<string, JsonSchema>> {
  const text = JSON.stringify(randomDefinitions(createRandom(seed), 8, 3))
  return JSON.parse(text.replaceAll(/"(#\/\$defs\/)?S(\d)"/g, `"$1Of${seed}N$2"`))
}

const trees: ContractModel = {
  name: 'trees',
  version: '1.0.0',
  channels: [
    {
      key: 'grown',
      path: 'grown/{at}',
      deliver: 'every',
      params: [{ name: 'at', schema: { 'x-codec': 'integer', type: 'string', pattern: '^-?\\d+$' } }],
      events: [
        { name: 'tree', version: 1, schema: { $ref: '#/$defs/Tree' } },
        { name: 'forest', version: 2, schema: { $ref: '#/$defs/Forest' } },
      ],
    },
  ],
  definitions: {
    Tree: {
      type: 'object',
      properties: {
        planted: { type: 'string', format: 'date-time' },
        branches: { type: 'array', items: { $ref: '#/$defs/Tree' } },
        age: { type: ['integer', 'null'] },
        kind: { enum: ['oak', 'fir'] },
      },
      required: ['planted', 'branches', 'age'],
    },
    // Nothing but lists, within each other: its type cannot be inferred.
    Forest: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/Tree' }, { $ref: '#/$defs/Forest' }] } },
  },
}

function use(module: string): string {
  return `import type { DataOf } from '@millrace/contract'
import { trees } from '${module}'

interface Tree {
  planted: Date
  branches: Tree[]
  age: number | null
  kind?: 'oak' | 'fir' | undefined
}
type Forest = (Tree | Forest)[]
type Grown = (typeof trees)['grown']

export const tree = (data: DataOf<Grown, 'tree'>): Tree => data
export const data = (tree: Tree): DataOf<Grown, 'tree'> => tree
export const forest = (data: DataOf<Grown, 'forest'>): Forest => data
export const topic = trees.grown({ at: 5 })
`
}

function misuse(module: string): string {
  return `import type { DataOf } from '@millrace/contract'
import { trees } from '${module}'

type Grown = (typeof trees)['grown']

export const tree = (data: DataOf<Grown, 'tree'>): string => data.planted
export const forest = (data: DataOf<Grown, 'forest'>): string[] => data
export const topic = trees.grown({ at: '5' })
`
}

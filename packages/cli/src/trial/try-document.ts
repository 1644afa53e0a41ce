import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { AnyContract } from '@millrace/contract'
import { loadContracts } from '../contract-reader/load-contracts.ts'
import type { ContractModel, EventModel } from '../model/contract-model.ts'
import { readSource } from '../sources/read-source.ts'
import { writeZodSource } from '../zod-source/write-zod-source.ts'
import type { Trial } from './trial.ts'

/**
 * Reads a document, writes the contract to a file, runs that, and decodes the document's own examples with it.
 *
 * @param file its path, from the folder
 * @param target the file for the contract
 */
export async function tryDocument(file: string, folder: string, target: string): Promise<Trial> {
  const { contracts, parts } = await readSource(file, folder)
  const [{ model, problems = [], placeOf = () => undefined } = {}] = contracts
  const found = { file, parts: parts.map((part) => relative(folder, part)) }
  const nothing = { ...found, channels: 0, events: 0, examples: 0 }
  if (model === undefined) {
    const errors = problems.filter(({ severity }) => severity === 'error')
    const reasons = errors.map(
      ({ line, message }) => `${line === undefined ? '' : `line ${line}: `}${message}`,
    )
    return { ...nothing, status: 'refused', reasons, problems }
  }
  const written = writeZodSource(model, { placeOf })
  await writeFile(target, written.source)
  const trial = { ...found, problems: [...problems, ...written.problems], source: target, ...sizeOf(model) }
  try {
    const { contracts } = await loadContracts(target, `the contract of ${file}`)
    const { decoded, reasons } = decodeExamples(model, contracts[0]?.contract)
    return { ...trial, status: reasons.length === 0 ? 'passed' : 'failed', reasons, examples: decoded }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...trial, status: 'failed', reasons: [reason], examples: 0 }
  }
}

function sizeOf({ channels }: ContractModel) {
  return { channels: channels.length, events: channels.reduce((sum, { events }) => sum + events.length, 0) }
}

/** Takes each example to its type in code and back. */
function decodeExamples(model: ContractModel, contract: AnyContract | undefined) {
  const reasons: string[] = []
  let decoded = 0
  for (const { key, events, snapshot } of model.channels) {
    const channel = contract?.['~contract'].channels[key]
    const all: readonly EventModel[] = snapshot === undefined ? events : [...events, snapshot]
    for (const event of all) {
      const definition = event === snapshot ? channel?.snapshot : channel?.events[event.name]
      if (definition === undefined) {
        reasons.push(`the contract has no ${key}.${event.name}`)
        continue
      }
      for (const [index, example] of (event.examples ?? []).entries()) {
        try {
          definition.encode(definition.decode(example, event.version))
          decoded += 1
        } catch (error) {
          reasons.push(`example ${index + 1} of ${key}.${event.name}: ${String(error)}`)
        }
      }
    }
  }
  return { decoded, reasons }
}

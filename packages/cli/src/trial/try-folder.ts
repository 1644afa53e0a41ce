import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findDocuments } from './find-documents.ts'
import type { Trial } from './trial.ts'
import { tryDocument } from './try-document.ts'
import { typeCheck } from './type-check.ts'

/** Tries every document of a folder. What others refer to and what is no document by itself is not tried alone. */
export async function tryFolder(folder: string): Promise<readonly Trial[]> {
  // Within this package, where the contracts find what they import.
  const parent = fileURLToPath(new URL('../../node_modules/.trial/', import.meta.url))
  await mkdir(parent, { recursive: true })
  const sources = await mkdtemp(join(parent, 'contracts-'))
  try {
    const paths = await findDocuments(folder)
    const trials: Trial[] = []
    for (const [index, path] of paths.entries()) {
      trials.push(await tryDocument(relative(folder, path), folder, join(sources, `contract-${index}.ts`)))
    }
    const isAny = trials.some(({ source }) => source !== undefined)
    const faults = isAny ? await typeCheck(sources) : new Map<string, readonly string[]>()
    const parts = new Set(trials.flatMap((trial) => trial.parts))
    const alone = await Promise.all(
      trials.map(async ({ file }) => !parts.has(file) || isWhole(join(folder, file))),
    )
    return trials
      .filter((_, index) => alone[index])
      .map((trial) => withFaults(trial, faults.get(basename(trial.source ?? '')) ?? []))
  } finally {
    await rm(sources, { recursive: true, force: true })
  }
}

/** Whether a file says itself that it is an API, whoever else refers to it. */
async function isWhole(path: string): Promise<boolean> {
  return /^\s*["']?(asyncapi|openapi|swagger)["']?\s*:/m.test(await readFile(path, 'utf8'))
}

function withFaults(trial: Trial, faults: readonly string[]): Trial {
  return faults.length === 0 ? trial : { ...trial, status: 'failed', reasons: [...trial.reasons, ...faults] }
}

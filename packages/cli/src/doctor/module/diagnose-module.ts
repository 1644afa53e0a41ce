import { ContractLoadError } from '../../contract-reader/load-error.ts'
import { loadModule } from '../../contract-reader/load-module.ts'
import { InputError } from '../../sources/input-error.ts'
import type { Diagnosis, Finding } from '../finding.ts'
import { fault } from '../finding.ts'
import { hearAside } from './aside.ts'

/** How long a diagnosis may take, in milliseconds. */
const patience = 30_000

/** What says how it is: a log, or a server that asks its log. Known by its shape, whatever engine is behind it. */
interface Diagnosable {
  diagnose(): Promise<readonly Finding[]>
}

/**
 * Runs a module and asks whatever it exports that can say how it is.
 *
 * @param note told what the module says, and fails with, meanwhile
 * @throws InputError when it cannot be run, or exports nothing of the kind
 */
export async function diagnoseModule(
  path: string,
  label: string,
  note: (text: string) => void,
): Promise<readonly Diagnosis[]> {
  const stop = hearAside((text) => note(`${label}: ${text}`))
  try {
    const exports = await load(path, label)
    const found = diagnosablesIn(exports)
    if (found.length === 0) throw new InputError(nothingIn(label, exports))
    return withoutRepeats(
      await Promise.all(found.map(async ([value, name]) => ({ name, findings: await ask(value) }))),
    )
  } finally {
    stop()
  }
}

async function load(path: string, label: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await loadModule(path, label)
  } catch (error) {
    throw error instanceof ContractLoadError ? new InputError(error.message, { cause: error }) : error
  }
}

/** Each once, by name; one that is exported by name and as default goes by its name. */
function diagnosablesIn(
  exports: Readonly<Record<string, unknown>>,
): readonly (readonly [Diagnosable, string])[] {
  const names = new Map<Diagnosable, string>()
  for (const [name, value] of Object.entries(exports)) {
    if (isDiagnosable(value) && (names.get(value) ?? 'default') === 'default') names.set(value, name)
  }
  return [...names].sort(([, one], [, other]) => one.localeCompare(other))
}

function isDiagnosable(value: unknown): value is Diagnosable {
  return (
    typeof value === 'object' && value !== null && 'diagnose' in value && typeof value.diagnose === 'function'
  )
}

/** Leaves out a log of which all is said by the server that asks it, too. */
function withoutRepeats(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  return diagnoses.filter(
    ({ findings }) =>
      !diagnoses.some(
        (other) =>
          other.findings.length > findings.length &&
          findings.every((finding) => other.findings.some((told) => isRepeat(finding, told))),
      ),
  )
}

function isRepeat({ subject, message }: Finding, told: Finding): boolean {
  // How long records are kept is held against how long streams last, where that is known.
  return subject === told.subject && (message === told.message || subject === 'retention')
}

async function ask(value: Diagnosable): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly Finding[]>((resolve) => {
    const none = fault('diagnosis', `There is none after ${patience / 1_000} s`, 'Look at the engine')
    timer = setTimeout(resolve, patience, [none])
  })
  try {
    return await Promise.race([value.diagnose(), late])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [fault('diagnosis', message, 'Export it before it is closed')]
  } finally {
    clearTimeout(timer)
  }
}

function nothingIn(label: string, exports: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(exports)
  const what = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
  return `${label} exports nothing that could be looked at: ${what}; export the log, or what createEventServer() returns`
}

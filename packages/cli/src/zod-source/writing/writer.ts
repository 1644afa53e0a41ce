import type { Lookup } from '../nodes/transparent.ts'
import type { Flavour } from './flavour.ts'
import type { HelperName } from './helpers.ts'

/** What is known while the schemas of a module are written. */
export interface Writer {
  readonly flavour: Flavour
  readonly lookup: Lookup
  /** The name of a definition's constant. */
  nameOf(definition: string): string
  /** Whether a definition stands after what is being written, or is it. */
  isLater(definition: string): boolean
  /** Whether a definition needs the one that is being written. */
  isRecursive(definition: string): boolean
  /** Whether a definition's constant has a type of its own, which hides what kind of schema it is. */
  isOpaque(definition: string): boolean
  /** Notes that the module needs a helper. */
  need(helper: HelperName): HelperName
  /** Notes that the module needs an export of the contract package. */
  importName(name: string): string
}

/** How a schema stands in the text. */
export interface Mode {
  /** Whether it is evaluated only when the whole module has been. */
  readonly late: boolean
  /** Whether it only decides on a value, so that its type is of no interest. */
  readonly checking: boolean
}

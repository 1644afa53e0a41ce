/** One file of a document, as plain JSON values that still know where they stand in its text. */
export interface SourceFile {
  readonly path: string
  readonly value: unknown
  /** Line, from 1, of what these tokens of a JSON Pointer lead to, or of the nearest thing around it. */
  lineOf(tokens: readonly string[]): number
  /** A scalar as its author wrote it: `1.0`, where the value is 1. */
  textOf(tokens: readonly string[]): string | undefined
}

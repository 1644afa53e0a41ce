/**
 * A schema of any library that keeps to Standard Schema, such as Valibot and ArkType. [standardschema.dev] The interface is written out
 * here, since it is meant to be: it asks for no dependency.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | PromiseLike<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a validation came to: it went well when there are no issues. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The type that a schema reads. */
export type StandardInput<S extends StandardSchema> = NonNullable<S['~standard']['types']>['input']

/** The type that it makes of it. */
export type StandardOutput<S extends StandardSchema> = NonNullable<S['~standard']['types']>['output']

/** Whether a value is such a schema. Zod's keep to the standard, too, but have a way back as well, which it has no word for. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  // ArkType's are functions.
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || '_zod' in value)
    return false
  const standard = '~standard' in value ? value['~standard'] : undefined
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'validate' in standard &&
    typeof standard.validate === 'function' &&
    // Zod 3: there is no reason to do without the codecs of Zod 4.
    !('vendor' in standard && standard.vendor === 'zod')
  )
}

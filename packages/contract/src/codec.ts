import * as z from 'zod/v4/core'

/** What a codec is made of. */
export interface CodecParts<Wire extends z.$ZodType, Code extends z.$ZodType> {
  /** What tools know it by, in whichever copy of this package it was made. */
  readonly name: string
  readonly wire: Wire
  readonly code: Code
  /** From what the wire's schema gives to the type in code. */
  decode(wire: z.output<Wire>): z.input<Code>
  encode(code: z.input<Code>): z.output<Wire>
}

/** Makes a codec. A function gives its parts, so that a bundler can leave out what nobody uses. */
export function codec<Wire extends z.$ZodType, Code extends z.$ZodType>(
  parts: () => CodecParts<Wire, Code>,
): z.$ZodCodec<Wire, Code> {
  const { name, wire, code, decode, encode } = parts()
  const definition = {
    type: 'pipe' as const,
    in: wire,
    out: code,
    transform: (value: unknown) => decode(value as z.output<Wire>),
    reverseTransform: (value: unknown) => encode(value as z.input<Code>),
    'x-codec': name,
  }
  // The core's constructor takes the ends as `$ZodType` and forgets which they were.
  return new z.$ZodCodec(definition) as unknown as z.$ZodCodec<Wire, Code>
}

/** A schema of the instances of a class. */
export function instanceOf<Instance>(
  name: string,
  is: (value: unknown) => boolean,
): z.$ZodType<Instance, Instance> {
  // The core's types let a custom schema be of its own type only.
  return z._custom(z.$ZodCustom, is, { error: `Invalid input: expected ${name}` }) as unknown as z.$ZodType<
    Instance,
    Instance
  >
}

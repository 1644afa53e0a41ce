import type { cures } from './cures.ts'
import type { SchemaOf } from './event.ts'
import type { Schema } from './schema.ts'
import type { StandardInput, StandardOutput, StandardSchema } from './standard-schema.ts'

/**
 * What the types tell of a schema that cannot go to JSON and back: `unknown` where nothing is wrong, else a type that no schema is of,
 * with a member that is called what is wrong. It sees what is usual; what it does not see is refused when the contract is defined.
 */
// Taken out of an object, because of a schema whose type is a parameter of a function the compiler then knows by its bound that
// nothing is wrong with it.
export type Refusal<S> = {
  readonly right: unknown
  readonly wrong: { readonly [Fault in FaultOf<S> as WithoutDot<Fault>]: never }
}[0 extends 1 & S ? 'right' : Verdict<S>]

/** The same for each schema, or `event()`, of several. */
export type Refusals<Events> = {
  readonly [Name in keyof Events]: Refusal<SchemaOf<Events[Name]>>
}

type Verdict<S> = S extends unknown ? ([FaultOf<S>] extends [never] ? 'right' : 'wrong') : never

type FaultOf<S> = S extends Schema
  ? ZodFault<S, 'value', deepest>
  : S extends StandardSchema
    ? StandardFault<StandardInput<S>, StandardOutput<S>>
    : never

type WithoutDot<Fault> = Fault extends `${'.' | ': '}${infer Rest}` ? Rest : Fault

/** How many schemas within each other are looked at. */
type deepest = [0, 0, 0, 0, 0, 0, 0, 0]
type Depth = readonly 0[]

// What each gives begins with the way to it, `.lines[].price: `, and the path is put before it on the way out: so the faults of a
// schema are the same wherever it stands, and the compiler finds them once.
type ZodFault<S, Role extends 'member' | 'value', Left extends Depth> = Left extends readonly [
  0,
  ...infer Fewer,
]
  ? Fewer extends Depth
    ? DefinitionFault<DefinitionOf<S>, S, Role, Fewer>
    : never
  : never

type DefinitionOf<S> = S extends { readonly _zod: { readonly def: infer Definition } } ? Definition : never

type DefinitionFault<D, S, Role extends 'member' | 'value', Left extends Depth> = D extends {
  readonly type: 'optional'
  readonly innerType: infer Inner
}
  ? Role extends 'member'
    ? ZodFault<Inner, 'member', Left>
    : IsExact<S> extends true
      ? ZodFault<Inner, 'value', Left>
      : OneWay<'optional'>
  : D extends { readonly type: keyof typeof cures }
    ? OneWay<D['type']>
    : D extends { readonly type: 'object'; readonly shape: infer Shape }
      ? {
          [Key in keyof Shape & string]: Under<`.${Key}`, ZodFault<Shape[Key], 'member', Left>>
        }[keyof Shape & string]
      : D extends { readonly type: 'array'; readonly element: infer Element }
        ? Under<'[]', ZodFault<Element, 'value', Left>>
        : D extends { readonly type: 'record'; readonly valueType: infer Value }
          ? Under<'[]', ZodFault<Value, 'member', Left>>
          : D extends { readonly type: 'tuple'; readonly items: infer Items extends readonly unknown[] }
            ? Under<'[]', ZodFault<Items[number], 'value', Left>>
            : D extends { readonly type: 'union'; readonly options: infer Options extends readonly unknown[] }
              ? ZodFault<Options[number], Role, Left>
              : D extends { readonly type: 'nullable' | 'readonly'; readonly innerType: infer Inner }
                ? ZodFault<Inner, Role, Left>
                : D extends {
                      readonly type: 'default' | 'prefault' | 'nonoptional'
                      readonly innerType: infer Inner
                    }
                  ? ZodFault<Inner, 'member', Left>
                  : D extends { readonly type: 'pipe'; readonly in: infer In; readonly out: infer Out }
                    ? PipeFault<D, In, Out, Role, Left>
                    : D extends { readonly type: 'literal'; readonly values: readonly (infer Value)[] }
                      ? Extract<Value, bigint | undefined> extends never
                        ? never
                        : ': a literal that JSON has not; use a string, a finite number, a boolean or null'
                      : D extends { readonly type: 'custom' }
                        ? S extends { readonly _zod: { readonly input: infer Input } }
                          ? ClassFault<Input>
                          : never
                        : never

/** Whether an element that may be left out is never `undefined`: `z.exactOptional()`. Of one that is of any type, nothing is known. */
type IsExact<S> = S extends { readonly _zod: { readonly output: infer Output } }
  ? undefined extends Output
    ? unknown extends Output
      ? true
      : false
    : true
  : false

type PipeFault<D, In, Out, Role extends 'member' | 'value', Left extends Depth> =
  DefinitionOf<In> extends { readonly type: 'transform' }
    ? OneWay<'preprocess'>
    : D extends { readonly reverseTransform: unknown }
      ? ZodFault<In, Role, Left>
      : DefinitionOf<Out> extends { readonly type: 'transform' }
        ? OneWay<'transform'>
        : ZodFault<In, Role, Left>

type OneWay<Kind extends keyof typeof cures> =
  `: z.${Kind}() cannot cross JSON both ways; ${(typeof cures)[Kind]}`

type Under<Step extends string, Fault> = Fault extends string ? `${Step}${Fault}` : never

/** Of a schema with a word for what goes in and for what comes out, but none for the way back: what comes out has to fit in again. */
type StandardFault<Input, Output> =
  WireFault<Output, deepest> extends infer Fault extends string
    ? [Fault] extends [never]
      ? [Output] extends [Frozen<Input>]
        ? never
        : ': what it makes of the data is not what it reads; use z.codec() of Zod, which says the way back'
      : Fault
    : never

/** The same, but nothing can be assigned to: a schema may freeze what it reads. */
type Frozen<T> = unknown extends T
  ? T
  : T extends (...parameters: never[]) => unknown
    ? T
    : { readonly [Key in keyof T]: Frozen<T[Key]> }

type WireFault<T, Left extends Depth> = 0 extends 1 & T
  ? never
  : unknown extends T
    ? never
    : Left extends readonly [0, ...infer Fewer extends Depth]
      ? T extends string | number | boolean | null
        ? never
        : T extends undefined
          ? ': undefined cannot cross JSON; use null'
          : T extends bigint | symbol
            ? ': a bigint or symbol cannot cross JSON; use bigintText of this package, in Zod'
            : [ClassFault<T>] extends [never]
              ? T extends readonly (infer Item)[]
                ? Under<'[]', WireFault<Item, Fewer>>
                : MemberFault<T, Fewer>
              : ClassFault<T>
      : never

type MemberFault<T, Left extends Depth> = {
  [Key in keyof T & string]-?: Under<`.${Key}`, WireFault<Exclude<T[Key], undefined>, Left>>
}[keyof T & string]

/** What is no plain object, seen by a method. */
type ClassFault<T> = 0 extends 1 & T
  ? never
  : T extends (...parameters: never[]) => unknown
    ? ': a function cannot cross JSON; publish data, not code'
    : T extends Date
      ? ': a Date cannot cross JSON both ways; use isoDate of this package, in Zod'
      : T extends
            | ReadonlyMap<unknown, unknown>
            | ReadonlySet<unknown>
            | PromiseLike<unknown>
            | URL
            | Uint8Array
        ? ': an object of a class cannot cross JSON both ways; use a codec of this package, in Zod'
        : never

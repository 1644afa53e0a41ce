/** What JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** A JSON object whose members are not known. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

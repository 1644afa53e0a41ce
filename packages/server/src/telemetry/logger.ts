type Write = (object: Readonly<Record<string, unknown>>, message: string) => void

/** Where lines about a server's work go. A logger of pino is one, and so is any other that takes an object and a message. */
export interface Logger {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}

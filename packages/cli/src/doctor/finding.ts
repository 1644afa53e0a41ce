/** One thing that was looked at. A log's `diagnose` gives the same. */
export interface Finding {
  /** As it should be; works, and promises less than one may think; does not work, or loses events. */
  readonly level: 'ok' | 'warn' | 'fault'
  readonly subject: string
  readonly message: string
  /** What to change. */
  readonly cure?: string
}

/** Everything that was found out about one thing. */
export interface Diagnosis {
  /** What was looked at: an address, or the name of an export. */
  readonly name: string
  readonly findings: readonly Finding[]
}

export const fine = (subject: string, message: string): Finding => ({ level: 'ok', subject, message })

export const warning = (subject: string, message: string, cure: string): Finding => ({
  level: 'warn',
  subject,
  message,
  cure,
})

export const fault = (subject: string, message: string, cure: string): Finding => ({
  level: 'fault',
  subject,
  message,
  cure,
})

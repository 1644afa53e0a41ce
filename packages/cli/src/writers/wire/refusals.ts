/** Why a stream is refused. */
export interface Refusal {
  readonly status: number
  /** A name for what documents say of it. */
  readonly name: string
  readonly description: string
}

export const refusals: readonly Refusal[] = [
  {
    status: 400,
    name: 'BadRequest',
    description: 'The request cannot be understood: a parameter, an address or a cursor is wrong.',
  },
  { status: 404, name: 'NotFound', description: 'No channel has this address.' },
  { status: 406, name: 'NotAcceptable', description: '`Accept` leaves `text/event-stream` out.' },
  { status: 413, name: 'TooLarge', description: 'The address, the body or the number of topics.' },
  {
    status: 503,
    name: 'Unavailable',
    description: 'No stream can be opened now; `Retry-After` says when to try again.',
  },
]

import { events } from '../../../events.ts'

export const GET = events.fetch
export const POST = events.fetch
export const OPTIONS = events.fetch

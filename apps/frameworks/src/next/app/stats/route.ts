import { events } from '../../events.ts'

export const GET = () => Response.json(events.stats())

import { shop } from '../../../../shop.ts'
import { events } from '../../../events.ts'

export async function POST(request: Request, { params }: { params: Promise<{ orderId: string }> }) {
  return Response.json(await events.publish(shop.orders(await params), 'placed', await request.json()))
}

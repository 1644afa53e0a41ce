import type { JsonSchemaObject } from '../../model/json-schema.ts'

/** The body of a refusal: RFC 9457. */
export const problemSchema: JsonSchemaObject = {
  description: 'Why a stream was refused (RFC 9457).',
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: {
      type: 'string',
      enum: [
        'bad-request',
        'unknown-topic',
        'not-found',
        'method-not-allowed',
        'not-acceptable',
        'too-large',
        'unavailable',
      ],
    },
    topic: { description: 'The address that was refused.', type: 'string' },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
}

/** What a small resource answers. */
interface Content {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers `GET` and `HEAD`, and refuses other methods. The answer is of this moment, and nobody may keep it. */
export async function answerRequest(
  { method }: Request,
  content: () => Content | Promise<Content>,
): Promise<Response> {
  if (method !== 'GET' && method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
  }
  const { status, type, text, headers } = await content()
  return new Response(method === 'HEAD' ? null : text, {
    status,
    headers: { 'content-type': type, 'cache-control': 'no-store', ...headers },
  })
}

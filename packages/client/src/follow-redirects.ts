import { cancelBody } from './response.ts'

/** Makes a request. `trusted` says whether the caller's headers may be sent there. */
export type Ask = (url: string, trusted: boolean, redirect: 'follow' | 'manual') => Promise<Response>

/**
 * Asks at an address. Headers of a caller may be credentials, and a runtime takes most of them along to another origin. So redirects are
 * followed by hand where there are any.
 *
 * @param guarded whether there are such headers
 * @returns the last answer, which is a redirect where there are more than 20 of them
 */
export async function followRedirects(url: string, guarded: boolean, ask: Ask): Promise<Response> {
  const { origin } = new URL(url)
  for (let left = 20; ; left--) {
    const response = await ask(url, new URL(url).origin === origin, guarded ? 'manual' : 'follow')
    const location = guarded && /^3/.test(`${response.status}`) && response.headers.get('location')
    if (location && left > 0) {
      cancelBody(response)
      url = new URL(location, url).href
    } else if (response.type === 'opaqueredirect') {
      // A page does not learn where to; it has to leave it to the browser, which asks that origin first.
      guarded = false
    } else return response
  }
}

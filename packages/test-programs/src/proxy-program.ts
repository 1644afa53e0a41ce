/** Proxies that tests start. */
export type ProxyName = 'nginx' | 'haproxy' | 'caddy'

/** The program of a proxy, which `npm test` names; the empty text where there is none. */
export function proxyProgram(name: ProxyName): string {
  return process.env[`MILLRACE_${name.toUpperCase()}`] ?? name
}

/** What it is given so that it stays in the foreground. */
export const proxyArguments: Readonly<
  Record<ProxyName, (file: string, folder: string) => readonly string[]>
> = {
  nginx: (file, folder) => ['-p', folder, '-c', file, '-g', 'daemon off;'],
  haproxy: (file) => ['-db', '-f', file],
  caddy: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
}

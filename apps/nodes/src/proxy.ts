import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type ProxyName = 'nginx' | 'haproxy'

/** A proxy before several servers. */
export interface Proxy {
  readonly port: number
  stop(): Promise<void>
}

interface Configuration {
  readonly port: number
  /** Ports of the servers. */
  readonly servers: readonly number[]
}

const configurations: Readonly<
  Record<
    ProxyName,
    {
      readonly text: (given: Configuration) => string
      readonly parameters: (file: string, folder: string) => string[]
    }
  >
> = {
  nginx: {
    parameters: (file, folder) => ['-p', folder, '-c', file, '-g', 'daemon off;'],
    text: ({ port, servers }) => `
worker_processes 1;
worker_rlimit_nofile 4096;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  upstream events {
    least_conn;
    # Never left out: nginx takes a server back only when an answer of it has ended, and a stream does not end.
${servers.map((server) => `    server 127.0.0.1:${server} max_fails=0;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    location /events {
      proxy_pass http://events;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_read_timeout 60s;
      proxy_next_upstream error timeout http_503 non_idempotent;
    }
  }
}
`,
  },
  haproxy: {
    parameters: (file) => ['-db', '-f', file],
    text: ({ port, servers }) => `
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  option http-no-delay
  option redispatch
  retries 2
frontend public
  bind 127.0.0.1:${port}
  default_backend events
backend events
  balance leastconn
  option httpchk GET /ready
${servers.map((server, index) => `  server node${index} 127.0.0.1:${server} check inter 500ms fall 1 rise 1`).join('\n')}
`,
  },
}

/** Starts a proxy that gives each new stream to the server with the fewest. */
export async function startProxy(name: ProxyName, configuration: Configuration): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-proxy-'))
  const file = join(folder, 'configuration')
  const { text, parameters } = configurations[name]
  await writeFile(file, text(configuration))
  const program = process.env[`MILLRACE_${name.toUpperCase()}`] || name
  const child = spawn(program, parameters(file, folder), { stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (data: Buffer) => {
    output += data
  })
  while (!(await isListening(configuration.port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${output}`)
    await sleep(20)
  }
  return { port: configuration.port, stop: () => stop(child, folder) }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  await rm(folder, { recursive: true })
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from '../../frameworks/src/certificate.fixture.ts'
import { driveWithBidi } from './bidi.fixture.ts'
import type { Lab } from './lab.fixture.ts'

/** What a runtime needs to run the suite once. */
export interface Run {
  readonly lab: Lab
  /** A folder of this run's own, with `suite.js` in the one above. */
  readonly folder: string
  readonly certificate: Certificate | undefined
}

/** A runtime that the suite is run in. */
export interface Runtime {
  readonly name: string
  /** What it is started with; `undefined` where it is not installed. */
  readonly program: string | undefined
  /** What it has of a browser. */
  readonly is?: 'a page' | 'a web worker'
  /** Runs the suite, and resolves with what it found, as JSON. */
  run(program: string, run: Run): Promise<string>
}

const installed = (...names: readonly string[]) =>
  names.map((name) => join(import.meta.dirname, '../node_modules', name)).find((file) => existsSync(file))
const present = (file: string | undefined) => (file && existsSync(file) ? file : undefined)

const children = new Set<ChildProcess>()

/** Ends whatever still runs. */
export async function endAll(): Promise<void> {
  await Promise.all([...children].map(end))
}

const node = (major: number, program: string | undefined): Runtime => ({
  name: `Node ${major}`,
  program,
  run: (program, { lab, folder }) =>
    printed(program, [join(folder, '../process.js'), ...addressesOf(lab)], {
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    }),
})
const nodeFromNpm = (major: number) =>
  node(major, installed(`node-${major}-linux-x64/bin/node`, `node-${major}-linux-arm64/bin/node`))
const nodeOfTools = process.versions.node.startsWith('24.') ? process.execPath : undefined

const page = (name: string, program: string | undefined, run: Runtime['run']): readonly Runtime[] => [
  { name, program, is: 'a page', run },
  {
    name: `a web worker of ${name}`,
    program,
    is: 'a web worker',
    run: (program, given) => run(program, { ...given, lab: inWorker(given.lab) }),
  },
]

export const runtimes: readonly Runtime[] = [
  nodeFromNpm(20),
  nodeFromNpm(22),
  node(24, nodeOfTools),
  nodeFromNpm(26),
  {
    name: 'Bun',
    program: installed(
      '@oven/bun-linux-x64/bin/bun',
      '@oven/bun-linux-aarch64/bin/bun',
      '@oven/bun-darwin-aarch64/bin/bun',
    ),
    run: (program, { lab, folder }) =>
      printed(program, [join(folder, '../process.js'), ...addressesOf(lab)], {
        NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
      }),
  },
  {
    name: 'Deno',
    program: installed(
      '@deno/linux-x64-glibc/deno',
      '@deno/linux-arm64-glibc/deno',
      '@deno/darwin-arm64/deno',
    ),
    run: (program, { lab, folder }) =>
      printed(program, ['run', '--allow-net', join(folder, '../process.js'), ...addressesOf(lab)], {
        DENO_CERT: join(folder, 'cert.pem'),
        DENO_NO_UPDATE_CHECK: '1',
      }),
  },
  {
    name: 'Cloudflare workers',
    program: installed(
      '@cloudflare/workerd-linux-64/bin/workerd',
      '@cloudflare/workerd-linux-arm64/bin/workerd',
      '@cloudflare/workerd-darwin-arm64/bin/workerd',
    ),
    async run(program, { lab, folder, certificate }) {
      const settings = join(folder, 'workerd.capnp')
      await writeFile(settings, workerdSettings(certificate))
      const child = start(program, ['serve', settings, '--control-fd=1'], {})
      const found = await said(child, /"port":(\d+)/)
      const [streams = '', control = ''] = addressesOf(lab)
      const query = new URLSearchParams({ streams, control })
      const response = await fetch(`http://127.0.0.1:${found}/?${query}`)
      return response.text()
    },
  },
  ...page('Chromium', present(process.env.MILLRACE_CHROMIUM), (program, { lab, folder }) =>
    visited(lab, program, [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--ignore-certificate-errors',
      `--user-data-dir=${folder}`,
      pageOf(lab),
    ]),
  ),
  ...page('Firefox', present(process.env.MILLRACE_FIREFOX), async (program, { lab, folder }) => {
    const profile = join(folder, 'profile')
    await mkdir(profile)
    const options = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0']
    const child = start(program, options, { HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' })
    const bidi = await said(child, /WebDriver BiDi listening on (ws:\S+)/)
    await driveWithBidi(bidi, pageOf(lab))
    return outcomeOf(lab, child)
  }),
  ...page('WebKitGTK', present(process.env.MILLRACE_WEBKIT), async (program, { lab, folder }) => {
    const screen = start('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp'], {})
    const display = await said(screen, /^(\d+)$/m)
    const environment = { DISPLAY: `:${display}`, HOME: folder, LIBGL_ALWAYS_SOFTWARE: '1' }
    const child = start(program, ['--private', '--ignore-tls-errors', pageOf(lab)], environment)
    return outcomeOf(lab, child)
  }),
]

const workers = new WeakSet<Lab>()
function inWorker(lab: Lab): Lab {
  workers.add(lab)
  return lab
}

function addressesOf({ addresses: { streams, control } }: Lab): readonly string[] {
  return [streams, control]
}

function pageOf(lab: Lab): string {
  const [streams = '', control = ''] = addressesOf(lab)
  const query = new URLSearchParams({ streams, control, ...(workers.has(lab) && { worker: 'yes' }) })
  return `${streams}/page?${query}`
}

async function printed(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  return said(start(program, parameters, environment), /^OUTCOME (.*)$/m)
}

async function visited(lab: Lab, program: string, parameters: readonly string[]): Promise<string> {
  return outcomeOf(lab, start(program, parameters, {}))
}

async function outcomeOf(lab: Lab, child: ChildProcess): Promise<string> {
  const outcome = await Promise.race([lab.outcome, once(child, 'exit').then(() => undefined)])
  if (outcome === undefined) throw new Error('It ended before it had tried everything')
  await end(child)
  return outcome
}

/** What a process prints that fits; rejects with all that it printed where it ends before. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const look = (data: Buffer) => {
      output += data
      const found = output.match(pattern)?.[1]
      if (found !== undefined) resolve(found)
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
    child.once('close', () => reject(new Error(`It ended too soon:\n${output}`)))
  })
}

function start(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const child = spawn(program, parameters, {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // With all that it starts itself, as browsers do.
    detached: true,
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await ended
}

/** A folder for one run, with the certificate in it. */
export async function createRunFolder(folder: string, certificate: Certificate | undefined): Promise<string> {
  const own = await mkdtemp(join(folder, 'run-'))
  await writeFile(join(own, 'cert.pem'), certificate?.cert ?? '')
  return own
}

function workerdSettings(certificate: Certificate | undefined): string {
  const trusted = certificate === undefined ? '[]' : JSON.stringify([certificate.cert])
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (
      allow = ["public", "private", "local"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = ${trusted}),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "workers.js", esModule = embed "../workers.js"),
    (name = "suite.js", esModule = embed "../suite.js"),
  ],
  compatibilityDate = "2026-10-01",
);
`
}

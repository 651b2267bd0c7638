import type { CaptureOptions } from './options.ts'
import { hostnameOf } from './outgoing.ts'

/** What is known of the hosts that a function calls. */
export class Hosts {
  readonly #surroundings: ReadonlySet<string>
  readonly #extension: ReadonlySet<string>
  readonly #exclude: readonly string[]
  readonly #withoutHeaders: readonly string[]

  constructor({ exclude = [], withoutHeaders = [] }: CaptureOptions = {}, env: NodeJS.ProcessEnv = process.env) {
    this.#surroundings = surroundings(env)
    const { PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: port = '2773' } = env
    this.#extension = new Set([`localhost:${port}`, `127.0.0.1:${port}`])
    this.#exclude = exclude
    this.#withoutHeaders = withoutHeaders
  }

  isHidden(host: string): boolean {
    return this.#surroundings.has(host) || linkLocal.test(host) || isAmong(this.#exclude, host)
  }
  isUntold(host: string): boolean {
    return isAmong(this.#withoutHeaders, host)
  }
  /** AWS's own, in the environment itself: a call takes its time, and has no node on the map. */
  isExtension(host: string): boolean {
    return this.#extension.has(host)
  }
}

const isAmong = (hosts: readonly string[], host: string) => {
  if (hosts.length === 0) return false
  const name = hostnameOf(host).toLowerCase()
  return hosts.some((it) => name === it.toLowerCase() || name.endsWith(`.${it.toLowerCase()}`))
}

/**
 * Where a function's own surroundings listen. Lambda's Runtime API; where credentials and what is known of the machine come
 * from; X-Ray's daemon; collectors of traces, metrics and logs, whose exports would be traced themselves.
 */
const surroundings = (env: NodeJS.ProcessEnv): ReadonlySet<string> =>
  new Set([...collectors, ...addresses.flatMap((name) => hostsIn(env[name]))])

/** As Amazon has them: 169.254.169.254, 169.254.170.2, … */
const linkLocal = /^(?:169\.254\.\d+\.\d+|\[fd00:ec2::(?:254|23)\])(?::\d+)?$/

const collectors = ['localhost:4318', '127.0.0.1:4318', '[::1]:4318']

const addresses = [
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_XRAY_DAEMON_ADDRESS',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
]

/** Of URLs, of `host:port`, and of the daemon's `tcp:host:port udp:host:port`. */
const hostsIn = (value = ''): string[] =>
  value.split(/\s+/).flatMap((part) => {
    const address = part.replace(/^(?:tcp|udp):/, '')
    const url = /^\w+:\/\//.test(address) ? address : `http://${address}`
    return address && URL.canParse(url) ? [new URL(url).host] : []
  })

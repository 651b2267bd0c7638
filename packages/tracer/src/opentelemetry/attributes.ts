import type { Attributes } from '@opentelemetry/api'
import type { Details } from '../engine.ts'
import { withoutSecrets } from '../secrets.ts'

/** What X-Ray calls a resource, and OpenTelemetry an attribute. */
const resourceNames: Readonly<Record<string, string>> = {
  table_name: 'aws.dynamodb.table_names',
  table_names: 'aws.dynamodb.table_names',
  queue_url: 'aws.sqs.queue.url',
  topic_arn: 'aws.sns.topic.arn',
  bucket_name: 'aws.s3.bucket',
  secret_arn: 'aws.secretsmanager.secret.arn',
}
/** As long as a URL or a statement may be. */
const longest = 2000
const databases: Readonly<Record<string, string>> = { postgresql: 'postgresql', mysql: 'mysql', mariadb: 'mariadb' }

/**
 * What is known of a call, by OpenTelemetry's names.
 * @param server whether it is a call to this function
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 * @see https://opentelemetry.io/docs/specs/semconv/cloud-providers/aws-sdk/
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/
 */
export const attributesOf = ({ http, aws, sql }: Details, server: boolean): Attributes => {
  const found: Attributes = {}
  if (http) ofHttp(found, http, server)
  if (aws) ofAws(found, aws)
  if (sql) ofSql(found, sql)
  return found
}

const ofHttp = (to: Attributes, http: NonNullable<Details['http']>, server: boolean) => {
  set(to, 'http.request.method', http.method)
  set(to, 'http.response.status_code', http.status)
  set(to, 'http.response.body.size', http.length)
  set(to, 'user_agent.original', http.userAgent)
  set(to, 'client.address', http.clientIp)
  if (http.url === undefined) return
  const url = URL.canParse(http.url) ? new URL(http.url) : undefined
  if (server) {
    set(to, 'url.path', url?.pathname ?? http.url)
    set(to, 'url.scheme', url?.protocol.slice(0, -1))
    return
  }
  set(to, 'url.full', http.url)
  ofServer(to, url, { 'http:': 80, 'https:': 443 })
}

const ofAws = (to: Attributes, aws: NonNullable<Details['aws']>) => {
  to['rpc.system'] = 'aws-api'
  set(to, 'rpc.service', aws.service)
  set(to, 'rpc.method', aws.operation)
  set(to, 'cloud.region', aws.region)
  set(to, 'aws.request_id', aws.requestId)
  if (aws.retries) to['http.request.resend_count'] = aws.retries
  for (const [name, value] of Object.entries(aws.resources ?? {})) {
    const known = resourceNames[name]
    to[known ?? `aws.${name}`] = known?.endsWith('s') ? [value].flat() : value
  }
}

const ofSql = (to: Attributes, sql: NonNullable<Details['sql']>) => {
  set(to, 'db.system.name', sql.type && (databases[sql.type.toLowerCase()] ?? sql.type.toLowerCase()))
  set(to, 'db.query.text', sql.statement)
  set(to, 'db.user', sql.user)
  const url = sql.url !== undefined && URL.canParse(sql.url) ? new URL(sql.url) : undefined
  ofServer(to, url, {})
  set(to, 'db.namespace', url?.pathname.slice(1))
}

const ofServer = (to: Attributes, url: URL | undefined, ports: Readonly<Record<string, number>>) => {
  if (!url?.hostname) return
  to['server.address'] = url.hostname
  set(to, 'server.port', url.port ? Number(url.port) : ports[url.protocol])
}

const set = (to: Attributes, name: string, value: string | number | undefined) => {
  if (value === undefined || value === '') return
  to[name] = typeof value === 'string' ? withoutSecrets(value).slice(0, longest).toWellFormed() : value
}

import {
  anything,
  boolean,
  type Fields,
  isObject,
  list,
  number,
  object,
  oneOf,
  type Rule,
  record,
  text,
} from './rule.ts'

/** What X-Ray takes at most, in bytes. */
export const maxDocument = 64 * 1024

const id = text({ pattern: /^[0-9a-f]{16}$/, says: '16 hexadecimal digits' })
const traceId = text({ pattern: /^1-[0-9a-f]{8}-[0-9a-f]{24}$/, says: '1-8 hexadecimal digits-24 of them' })
const name = text({
  min: 1,
  max: 200,
  pattern: /^[\p{L}\p{N}\s_.:/%&#=+\\\-@]*$/u,
  says: 'of letters, numbers, whitespace and _ . : / % & # = + \\ - @',
})
/** Milliseconds are a mistake easily made. */
const time = number({ min: 1e9, max: 1e10 })
const short = text({ max: 250 })
const string = text()
const integer = number({ integer: true })

const exception = object(
  {
    id,
    message: string,
    type: string,
    remote: boolean,
    truncated: integer,
    skipped: integer,
    cause: id,
    stack: list(object({ path: string, line: integer, label: string })),
  },
  ['id'],
)
const causeObject = object({ working_directory: string, paths: list(string), exceptions: list(exception) })
const cause: Rule = (value, where, report) => (typeof value === 'string' ? id : causeObject)(value, where, report)

const response = object({ status: number({ integer: true, min: 100, max: 599 }), content_length: integer })
const request: Fields = { method: string, url: string, user_agent: string, client_ip: string }

const annotation: Rule = (value, where, report) => {
  if (typeof value === 'string') text({ max: 1000 })(value, where, report)
  else if (typeof value !== 'boolean' && (typeof value !== 'number' || !Number.isFinite(value)))
    report(`${where} must be a string, a number or a boolean, and is ${JSON.stringify(value)}`)
}
const annotations: Rule = (value, where, report) => {
  record(text({ min: 1, max: 500, pattern: /^[A-Za-z0-9_]*$/, says: 'of letters, digits and _' }), annotation)(
    value,
    where,
    report,
  )
  const count = isObject(value) ? Object.keys(value).length : 0
  if (count > 50) report(`${where} has ${count} annotations, and X-Ray indexes 50`)
}
const metadata = record(text({ pattern: /^(?!AWS\.)/, says: 'without the reserved AWS. before it' }), anything)

/** SDKs add what they know of a call, such as `bucket_name` or `retries`, in snake case. */
function awsBlock(fields: Fields): Rule {
  return (value, where, report) => {
    if (!isObject(value)) return object({})(value, where, report)
    for (const [key, member] of Object.entries(value)) {
      if (Object.hasOwn(fields, key)) fields[key]?.(member, `${where}.${key}`, report)
      else
        text({ pattern: /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, says: 'in snake case' })(
          key,
          `the key ${where}.${key}`,
          report,
        )
    }
  }
}

const common: Fields = {
  id,
  name,
  trace_id: traceId,
  parent_id: id,
  start_time: time,
  end_time: time,
  in_progress: oneOf(true),
  error: boolean,
  throttle: boolean,
  fault: boolean,
  cause,
  annotations,
  metadata,
}

const sql = object({
  connection_string: string,
  url: string,
  sanitized_query: string,
  database_type: string,
  database_version: string,
  driver_version: string,
  user: string,
  preparation: oneOf('call', 'statement'),
})

const subsegmentFields: Fields = {
  ...common,
  type: oneOf('subsegment'),
  namespace: oneOf('aws', 'remote'),
  http: object({ request: object({ ...request, traced: boolean }), response }),
  aws: awsBlock({
    operation: short,
    account_id: short,
    region: short,
    request_id: short,
    queue_url: short,
    table_name: short,
    resource_names: list(string),
    retries: integer,
  }),
  sql,
  precursor_ids: list(id),
  subsegments: (value, where, report) => list(embedded)(value, where, report),
}

const segmentFields: Fields = {
  ...common,
  service: object({ version: short }),
  user: short,
  origin: short,
  http: object({ request: object({ ...request, x_forwarded_for: boolean }), response }),
  aws: awsBlock({ account_id: short }),
  subsegments: (value, where, report) => list(embedded)(value, where, report),
}

const always = ['id', 'name', 'start_time']

const embedded: Rule = (value, where, report) => {
  object(subsegmentFields, always)(value, where, report)
  times(value, where, report)
  family(value, where, report)
}

/** A segment, or a subsegment that is sent by itself: `type` tells. */
export const document: Rule = (value, where, report) => {
  const independent = isObject(value) && 'type' in value
  object(
    independent ? subsegmentFields : segmentFields,
    independent ? [...always, 'trace_id', 'parent_id'] : [...always, 'trace_id'],
  )(value, where, report)
  times(value, where, report)
  family(value, where, report)
}

const times: Rule = (value, where, report) => {
  if (!isObject(value)) return
  const at = where === '' ? 'the document' : where
  const { start_time, end_time, in_progress } = value
  if (end_time === undefined && in_progress === undefined) report(`${at} has neither an end_time nor in_progress`)
  if (end_time !== undefined && in_progress !== undefined) report(`${at} has both an end_time and in_progress`)
  if (typeof start_time === 'number' && typeof end_time === 'number' && end_time < start_time)
    report(`${at} ends before it starts`)
}

/** What stands inside another need not say whose it is; what it says must be true. */
const family: Rule = (value, where, report) => {
  if (!isObject(value) || !Array.isArray(value.subsegments)) return
  for (const [index, child] of value.subsegments.entries()) {
    if (!isObject(child)) continue
    const at = `${where === '' ? '' : `${where}.`}subsegments[${index}]`
    if (child.parent_id !== undefined && child.parent_id !== value.id)
      report(`${at}.parent_id is not the id of what it stands in`)
    if (child.trace_id !== undefined && value.trace_id !== undefined && child.trace_id !== value.trace_id)
      report(`${at}.trace_id is not that of what it stands in`)
  }
}

import { describe, expect, test } from 'vitest'
import { readDatagram } from './datagram.ts'
import { spoiled } from './testing.ts'

const start = 1_478_293_361.271
const segment = {
  id: '70de5b6f19ff9a0a',
  trace_id: '1-581cf771-a006649127e371903a2de979',
  name: 'example.com',
  start_time: start,
  end_time: start + 1,
}
const { end_time, ...open } = segment
const subsegment = { ...segment, id: '53995c3f42cd8ad8', type: 'subsegment', parent_id: segment.id }
const child = { id: 'aaaaaaaaaaaaaaaa', name: 'child', start_time: start, end_time: start + 0.5 }

const full = {
  ...segment,
  parent_id: 'defdfd9912dc5a56',
  service: { version: '1' },
  user: 'ann',
  origin: 'AWS::EC2::Instance',
  http: {
    request: { method: 'GET', url: 'https://a.b/', user_agent: 'x', client_ip: '1.2.3.4', x_forwarded_for: true },
    response: { status: 200, content_length: -1 },
  },
  aws: { account_id: '1', ec2: { instance_id: 'i-1' }, xray: { sdk: '2.4.0 for Java' } },
  error: true,
  throttle: false,
  fault: true,
  cause: {
    working_directory: '/var/task',
    paths: ['/opt'],
    exceptions: [
      {
        id: '0123456789abcdef',
        message: 'no',
        type: 'Error',
        remote: false,
        truncated: 1,
        skipped: 0,
        cause: 'fedcba9876543210',
        stack: [{ path: 'a.js', line: 1, label: 'f' }],
      },
    ],
  },
  annotations: { customer_category: 124, country: 'États', internal: false },
  metadata: { debug: { deep: [null, { a: 1 }] } },
  subsegments: [child],
}
const fullSubsegment = {
  ...subsegment,
  namespace: 'aws',
  cause: '0123456789abcdef',
  precursor_ids: ['fedcba9876543210'],
  http: { request: { method: 'POST', url: 'https://a.b/', traced: true }, response: { status: 503 } },
  aws: {
    operation: 'UpdateItem',
    account_id: '123456789012',
    queue_url: 'https://sqs.example.com/q',
    region: 'eu-west-1',
    table_name: 't',
    retries: 1,
    resource_names: ['t'],
    id_2: 'x',
  },
  subsegments: [{ ...child, parent_id: subsegment.id, trace_id: segment.trace_id, subsegments: [] }],
}
const query = {
  ...subsegment,
  name: 'orders@db.example.com',
  namespace: 'remote',
  sql: {
    connection_string: 'a',
    url: 'postgresql://db/orders',
    sanitized_query: 'select ?',
    database_type: 'PostgreSQL',
    database_version: '17',
    driver_version: 'pg 8',
    user: 'app',
    preparation: 'statement',
  },
}

function faultsOf(document: object): readonly string[] {
  return readDatagram(Buffer.from(`{"format": "json", "version": 1}\n${JSON.stringify(document)}`)).faults
}

describe('sound', () => {
  const sound: Record<string, object> = {
    'the least of a segment': segment,
    'a segment in progress': { ...open, in_progress: true },
    'an independent subsegment': subsegment,
    'all of a segment': full,
    'all of a subsegment': fullSubsegment,
    'a query': query,
    'every character of a name': { ...segment, name: 'É9 _.:/%&#=+\\-@' },
  }
  test.for(Object.entries(sound))('%s', ([, document]) => {
    expect(faultsOf(document)).toEqual([])
  })
})

describe('unsound', () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, index]))
  const unsound: [document: object, fault: string | RegExp][] = [
    [{ ...segment, id: '70DE5B6F19FF9A0A' }, 'id must be 16 hexadecimal digits, and is "70DE5B6F19FF9A0A"'],
    [{ ...segment, id: 7 }, 'id must be a string, and is 7'],
    [{ ...open, in_progress: false }, 'in_progress must be true, and is false'],
    [open, 'the document has neither an end_time nor in_progress'],
    [{ ...segment, in_progress: true }, 'the document has both an end_time and in_progress'],
    [{ ...segment, end_time: start - 1 }, 'the document ends before it starts'],
    [{ ...open, start_time: start * 1000, in_progress: true }, /^start_time must be at most 10000000000/],
    [{ ...segment, start_time: '1' }, 'start_time must be a number, and is "1"'],
    [{ ...segment, trace_id: '581cf771a006649127e371903a2de979' }, /^trace_id must be 1-8 hexadecimal/],
    [{ ...segment, name: '' }, 'name has 0 characters, and must have at least 1'],
    [{ ...segment, name: 'a'.repeat(201) }, 'name has 201 characters, and may have 200'],
    [{ ...segment, name: 'GET /a?b' }, /^name must be of letters/],
    [{ ...segment, name: undefined }, 'name is missing'],
    [{ ...segment, trace_id: undefined }, 'trace_id is missing'],
    [{ ...subsegment, parent_id: undefined }, 'parent_id is missing'],
    [{ ...subsegment, trace_id: undefined }, 'trace_id is missing'],
    [{ ...subsegment, type: 'segment' }, 'type must be "subsegment", and is "segment"'],
    [{ ...segment, links: [] }, 'links is no known field'],
    [{ ...segment, namespace: 'remote' }, 'namespace is no known field'],
    [{ ...subsegment, namespace: 'local' }, 'namespace must be "aws" or "remote", and is "local"'],
    [{ ...subsegment, user: 'ann' }, 'user is no known field'],
    [{ ...segment, user: 'a'.repeat(251) }, 'user has 251 characters, and may have 250'],
    [{ ...segment, fault: 1 }, 'fault must be true or false, and is 1'],
    [{ ...segment, cause: 'no' }, 'cause must be 16 hexadecimal digits, and is "no"'],
    [{ ...segment, cause: { exceptions: [{ message: 'no' }] } }, 'cause.exceptions[0].id is missing'],
    [{ ...segment, cause: { message: 'no' } }, 'cause.message is no known field'],
    [
      { ...segment, cause: { exceptions: [{ id: child.id, stack: [{ path: 'a', line: null }] }] } },
      'cause.exceptions[0].stack[0].line must be an integer, and is null',
    ],
    [{ ...segment, annotations: { 'order-id': 1 } }, /^the key "order-id" of annotations must be of letters/],
    [
      { ...segment, annotations: { id: { a: 1 } } },
      'annotations.id must be a string, a number or a boolean, and is {"a":1}',
    ],
    [{ ...segment, annotations: { id: null } }, 'annotations.id must be a string, a number or a boolean, and is null'],
    [{ ...segment, annotations: { id: 'a'.repeat(1001) } }, 'annotations.id has 1001 characters, and may have 1000'],
    [{ ...segment, annotations: many }, 'annotations has 51 annotations, and X-Ray indexes 50'],
    [{ ...segment, annotations: [] }, 'annotations must be an object, and is []'],
    [{ ...segment, metadata: { 'AWS.x': 1 } }, /^the key "AWS.x" of metadata must be without the reserved AWS\./],
    [{ ...segment, metadata: 'x' }, 'metadata must be an object, and is "x"'],
    [{ ...segment, http: { request: { traced: true } } }, 'http.request.traced is no known field'],
    [{ ...subsegment, http: { request: { x_forwarded_for: true } } }, 'http.request.x_forwarded_for is no known field'],
    [{ ...segment, http: { response: { status: '200' } } }, 'http.response.status must be an integer, and is "200"'],
    [{ ...segment, http: { response: { status: 0 } } }, 'http.response.status must be at least 100, and is 0'],
    [{ ...subsegment, http: { request: { method: 1 } } }, 'http.request.method must be a string, and is 1'],
    [{ ...subsegment, aws: { requestId: '1' } }, 'the key aws.requestId must be in snake case, and is "requestId"'],
    [{ ...subsegment, aws: { request_id: 1 } }, 'aws.request_id must be a string, and is 1'],
    [{ ...subsegment, aws: 'x' }, 'aws must be an object, and is "x"'],
    [{ ...subsegment, sql: { query: 'select' } }, 'sql.query is no known field'],
    [{ ...subsegment, sql: { preparation: 'none' } }, 'sql.preparation must be "call" or "statement", and is "none"'],
    [{ ...subsegment, precursor_ids: ['x'] }, 'precursor_ids[0] must be 16 hexadecimal digits, and is "x"'],
    [{ ...segment, subsegments: {} }, 'subsegments must be an array, and is {}'],
    [{ ...segment, subsegments: [{ ...child, id: undefined }] }, 'subsegments[0].id is missing'],
    [{ ...segment, subsegments: [{ ...child, end_time: start - 1 }] }, 'subsegments[0] ends before it starts'],
    [{ ...segment, subsegments: [{ ...child, origin: 'x' }] }, 'subsegments[0].origin is no known field'],
    [
      { ...segment, subsegments: [{ ...child, subsegments: [{ ...child, parent_id: segment.id }] }] },
      'subsegments[0].subsegments[0].parent_id is not the id of what it stands in',
    ],
    [
      { ...segment, subsegments: [{ ...child, trace_id: '1-581cf771-a006649127e371903a2de970' }] },
      'subsegments[0].trace_id is not that of what it stands in',
    ],
  ]
  test.for(unsound)('%#: $1', ([document, fault]) => {
    expect(faultsOf(document)).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)])
  })

  // What may be of any or several types: annotations, metadata, and what SDKs add to the aws block.
  const free = /^annotations\.|^metadata\.debug|^aws\.(ec2|xray|id_2)/
  const wrong = [full, fullSubsegment, query].flatMap((document) => [...spoiled(document)])
  test.for(wrong.filter(({ path }) => !free.test(path)))('of another type: $path', ({ path, document }) => {
    expect(faultsOf(document as object)).toContainEqual(expect.stringContaining(path))
  })

  test('a document that is too large', () => {
    const faults = faultsOf({ ...segment, metadata: { a: 'a'.repeat(64 * 1024) } })
    expect(faults).toEqual([expect.stringMatching(/^the document has \d+ bytes, and may have 65536$/)])
  })
})

/** What a cold start is made of: each loaded alone, and put to use once. */
export interface Part {
  readonly name: string
  readonly title: string
  readonly code: string
}

const part = (name: string, title: string, imports: string, use: string): Part => ({
  name,
  title,
  code: `${imports}\nexport const handler = async (event, context) => { ${use}; return { statusCode: 201 } }`,
})

/** The start of a process that loads and does nothing: what all others are less. */
export const emptyModule: Part = part('part-empty', 'an empty module', '', '')

export const parts: readonly Part[] = [
  part(
    'part-core',
    '`@fnware/core`',
    `import { lambda } from '@fnware/core'; const fn = lambda().handle(() => 1)`,
    'await fn(event, context)',
  ),
  part(
    'part-http',
    '`@fnware/core` + `@fnware/http`',
    `import { lambda } from '@fnware/core'; import { http } from '@fnware/http'; const fn = lambda(http()).handle(() => 1)`,
    'await fn(event, context)',
  ),
  part(
    'part-powertools-logger',
    "Powertools' logger, one line",
    `import { Logger } from '@aws-lambda-powertools/logger'; const log = new Logger()`,
    `log.info('one')`,
  ),
  part(
    'part-logger',
    '`@fnware/core` + `@fnware/logger`, one line',
    `import { lambda } from '@fnware/core'; import { logger } from '@fnware/logger'; const fn = lambda().use(logger()).handle(() => 1)`,
    'await fn(event, context)',
  ),
  part(
    'part-zod',
    "`import * as z from 'zod'`, the order's schema",
    `import { Order } from './stack/order.ts'`,
    'Order.safeParse(JSON.parse(event.body))',
  ),
  part(
    'part-zod-named',
    "`import { z } from 'zod'`",
    `import { z } from 'zod'; const Order = z.object({ note: z.string() })`,
    'Order.safeParse(JSON.parse(event.body))',
  ),
  part(
    'part-middy',
    '`@middy/core`',
    `import middy from '@middy/core'; const fn = middy(async () => 1)`,
    'await fn(event, context)',
  ),
  part(
    'part-middy-json',
    '`@middy/core` + `http-json-body-parser`',
    `import middy from '@middy/core'; import json from '@middy/http-json-body-parser'; const fn = middy(async () => 1).use(json())`,
    'await fn(event, context)',
  ),
  part(
    'part-hono',
    'Hono and its Lambda adapter',
    `import { Hono } from 'hono'; import { handle } from 'hono/aws-lambda'; const app = new Hono(); app.post('/orders', (c) => c.json(1)); const fn = handle(app)`,
    'await fn(event, context)',
  ),
  part(
    'part-router',
    "Powertools' router",
    `import { Router } from '@aws-lambda-powertools/event-handler/http'; const app = new Router(); app.post('/orders', async () => ({}))`,
    'await app.resolve(event, context)',
  ),
  part(
    'part-parser',
    "Powertools' parser and envelope",
    `import { ApiGatewayV2Envelope } from '@aws-lambda-powertools/parser/envelopes/api-gatewayv2'; import { JSONStringified } from '@aws-lambda-powertools/parser/helpers'; import { Order } from './stack/order.ts'`,
    'ApiGatewayV2Envelope.parse(event, JSONStringified(Order))',
  ),
  part(
    'part-lambda-api',
    'lambda-api',
    `import create from 'lambda-api'; const api = create(); api.post('/orders', (req, res) => res.json({}))`,
    'await api.run(event, context)',
  ),
  part(
    'part-node-http',
    "`import … from 'node:http'`",
    `import { createServer } from 'node:http'`,
    'createServer.name',
  ),
  part('part-response', 'the first `new Response()`', '', 'new Response()'),
]

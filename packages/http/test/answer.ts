import { lambda } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { type HttpContext, type HttpEvent, type HttpResult, http } from '../src/index.ts'

export const answer = (event: HttpEvent, fn: (ctx: HttpContext) => unknown): Promise<HttpResult> =>
  lambda(http()).handle(fn)(event, fakeContext({ awsRequestId: 'id-1' }))

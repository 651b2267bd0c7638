import { alb } from './alb.ts'
import type { Front } from './front.ts'
import { functionUrl } from './function-url.ts'
import { httpApi } from './http-api.ts'
import type { FrontOptions } from './options.ts'
import { restApi } from './rest-api.ts'

/** The front that options ask for. */
export function chooseFront(options: FrontOptions): Front {
  const type = typeof options === 'string' ? options : options.type
  const given = typeof options === 'string' ? {} : options
  if (type === 'rest-api') return restApi(given)
  if (type === 'function-url') return functionUrl(given)
  if (type === 'alb') return alb(given)
  return httpApi(given)
}

/** The stage that urls begin with, if any. */
export const stageOf = (options: FrontOptions): string | undefined =>
  typeof options === 'object' && options.type === 'rest-api' ? options.stage : undefined

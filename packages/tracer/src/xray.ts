import type { Engine } from './engine.ts'

/**
 * X-Ray's daemon, which Lambda runs beside every function: segment documents over UDP, without the X-Ray SDK.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export const xray = (): Engine => ({
  name: 'xray',
  load: async () => (await import('./xray/load.ts')).load(),
})

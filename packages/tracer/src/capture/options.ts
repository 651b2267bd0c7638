import { checkOptions } from '@fnware/core/extend'

/** Which calls are shown, and which are told of the trace. */
export interface CaptureOptions {
  /** Hosts whose calls are not shown, with all below them: `example.com` is `api.example.com` too. */
  readonly exclude?: readonly string[]
  /** Hosts whose calls are shown, and get no trace headers; with all below them. */
  readonly withoutHeaders?: readonly string[]
}

/** @throws TypeError on an unknown option, and where a host is none */
export const checkCaptureOptions = (options: CaptureOptions): void => {
  checkOptions('tracer(): captureCalls', options, { exclude: 'array', withoutHeaders: 'array' })
  for (const hosts of [options.exclude, options.withoutHeaders])
    if (hosts && !hosts.every((host) => typeof host === 'string' && /^[^/\s:]+$/.test(host)))
      throw new TypeError(
        'tracer(): captureCalls: give hosts by their names alone, such as `api.example.com`, in a list',
      )
}

import type { Context } from '@fnware/core'
import { fakeContext } from '@fnware/testing'
import { startXRay, type XRay } from 'test-telemetry'
import { onTestFinished, vi } from 'vitest'

/** X-Ray's daemon for this test, which fails of any datagram that breaks a rule. */
export const daemon = async (): Promise<XRay> => {
  const xray = await startXRay()
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', xray.address)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await xray.close()
  })
  return xray
}

export const root = '1-5759e988-bd862e3fe1be46a994272793'
export const parent = '53995c3f42cd8ad8'
export const header: string = `Root=${root};Parent=${parent};Sampled=1`

/** A context whose invocation Lambda tells of a trace. */
export const traced = (xRayTraceId: string | undefined = header, timeout?: number): Context =>
  Object.assign(fakeContext({ timeout }), { xRayTraceId })

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { endpointOf, regionOf } from './endpoint.ts'
import { AwsError } from './errors.ts'

const service = { name: 'secretsmanager', target: 'secretsmanager', id: 'SECRETS_MANAGER' }

beforeEach(() => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_USE_FIPS_ENDPOINT'])
    vi.stubEnv(name, '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test.each([
  ['eu-west-1', 'secretsmanager.eu-west-1.amazonaws.com'],
  ['us-gov-west-1', 'secretsmanager.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'secretsmanager.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'secretsmanager.eusc-de-east-1.amazonaws.eu'],
  ['us-iso-east-1', 'secretsmanager.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'secretsmanager.us-isob-east-1.sc2s.sgov.gov'],
  ['us-isof-south-1', 'secretsmanager.us-isof-south-1.csp.hci.ic.gov'],
  ['eu-isoe-west-1', 'secretsmanager.eu-isoe-west-1.cloud.adc-e.uk'],
])('in %s it is %s', (region, host) => {
  expect(endpointOf(service, region, undefined).href).toBe(`https://${host}/`)
})

test('FIPS and dual-stack endpoints by the environment', () => {
  vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true')
  expect(endpointOf(service, 'us-east-1', undefined).host).toBe('secretsmanager-fips.us-east-1.amazonaws.com')
  vi.stubEnv('AWS_USE_DUALSTACK_ENDPOINT', 'TRUE')
  expect(endpointOf(service, 'us-east-1', undefined).host).toBe('secretsmanager-fips.us-east-1.api.aws')
  expect(endpointOf(service, 'us-iso-east-1', undefined).host).toBe('secretsmanager-fips.us-iso-east-1.c2s.ic.gov')
})

test('the nearest endpoint that is given wins', () => {
  const host = (given?: string) => endpointOf(service, 'eu-west-1', given).host
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://all:1')
  expect(host()).toBe('all:1')
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'http://own:2')
  expect(host()).toBe('own:2')
  expect(host('http://given:3')).toBe('given:3')
  vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true')
  expect(host()).toBe('secretsmanager.eu-west-1.amazonaws.com')
})

test('the region is the one given, or the environment’s', () => {
  vi.stubEnv('AWS_REGION', '')
  vi.stubEnv('AWS_DEFAULT_REGION', '')
  expect(() => regionOf(undefined)).toThrow(
    new AwsError('no AWS region: set AWS_REGION, as Lambda does, or give `region`', { code: 'RegionError' }),
  )
  vi.stubEnv('AWS_DEFAULT_REGION', 'b')
  expect(regionOf(undefined)).toBe('b')
  vi.stubEnv('AWS_REGION', 'a')
  expect(regionOf(undefined)).toBe('a')
  expect(regionOf('c')).toBe('c')
})

import { expect, test } from 'vitest'
import { Hosts } from './hosts.ts'
import { checkCaptureOptions } from './options.ts'

test("what a function's surroundings listen at is not shown", () => {
  const hosts = new Hosts(
    {},
    {
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
      AWS_XRAY_DAEMON_ADDRESS: 'tcp:10.0.0.1:2000 udp:10.0.0.2:2000',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9002/v1/credentials',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com/',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'not an address',
    },
  )
  const hidden = [
    '127.0.0.1:9001',
    '10.0.0.1:2000',
    '127.0.0.1:9002',
    'collector.example.com',
    'localhost:4318',
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23:80',
    '[fd00:ec2::254]',
  ]
  expect(hidden.filter((host) => !hosts.isHidden(host))).toEqual([])
  const shown = ['127.0.0.1', '127.0.0.1:9003', 'example.com', 'a.collector.example.com', '169.254.169.254.example.com']
  expect(shown.filter((host) => hosts.isHidden(host))).toEqual([])
})

test('hosts of the user, with all below them', () => {
  const hosts = new Hosts({ exclude: ['Example.com'], withoutHeaders: ['partner.net'] }, {})
  expect(['example.com', 'api.EXAMPLE.com:8080'].every((host) => hosts.isHidden(host))).toBe(true)
  expect(['an-example.com', 'example.com.net', 'partner.net'].some((host) => hosts.isHidden(host))).toBe(false)
  expect(['partner.net', 'a.partner.net', 'example.net'].map((host) => hosts.isUntold(host))).toEqual([
    true,
    true,
    false,
  ])
})

test('the Parameters and Secrets extension', () => {
  expect(new Hosts({}, {}).isExtension('localhost:2773')).toBe(true)
  const other = new Hosts({}, { PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: '2774' })
  expect(['localhost:2774', 'localhost:2773'].map((host) => other.isExtension(host))).toEqual([true, false])
})

test('options that are none', () => {
  expect(() => checkCaptureOptions({ exlude: ['a'] } as object)).toThrow('did you mean `exclude`?')
  expect(() => checkCaptureOptions({ exclude: ['https://example.com/'] })).toThrow('by their names alone')
  expect(() => checkCaptureOptions({ exclude: 'example.com' } as object)).toThrow('`exclude` must be an array')
  expect(() => checkCaptureOptions({ withoutHeaders: [1] } as object)).toThrow('by their names alone')
  checkCaptureOptions({ exclude: ['example.com'], withoutHeaders: [] })
})

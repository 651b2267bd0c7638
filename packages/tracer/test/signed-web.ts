import type { RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verify } from 'test-aws'
import { startWeb, type Web } from './web.ts'

/** What the AWS SDK is given, and what the server knows. */
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' } as const
export const region = 'eu-west-1'

/** A server in the place of a service of AWS: it answers what is soundly signed, and refuses all else with 403. */
export const startSignedWeb = (service: string, answer: RequestListener): Promise<Web> =>
  startWeb(async (request, response) => {
    const { method = '', url = '', rawHeaders } = request
    const headers = Array.from(
      { length: rawHeaders.length / 2 },
      (_, i) => [rawHeaders[2 * i] as string, rawHeaders[2 * i + 1] as string] as const,
    )
    const body = await buffer(request)
    try {
      verify({ method, url, headers, body }, { credentials, service, region })
    } catch (error) {
      response.writeHead(403).end(String(error))
      return
    }
    answer(request, response)
  })

import { request } from 'node:http'
import { correlation, lambda } from '@fnware/core'
import { logger } from '@fnware/logger'

export const handler = lambda()
  .use(correlation())
  .use(logger({ service: 'worker' }))
  .handle(async ({ correlation, logger }) => {
    logger.info('a message')
    await new Promise((done, failed) => {
      const sent = request(process.env.SHOP as string, { headers: correlation.headers() }, (answer) =>
        answer.resume().on('end', done),
      )
      sent.on('error', failed).end()
    })
  })

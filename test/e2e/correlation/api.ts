import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { correlation, lambda } from '@fnware/core'
import { http } from '@fnware/http'
import { logger } from '@fnware/logger'

const sqs = new SQSClient({})
const sns = new SNSClient({})

export const handler = lambda(http())
  .use(correlation())
  .use(logger({ service: 'api' }))
  .handle(async ({ correlation, logger, request }) => {
    logger.info('an order')
    const MessageBody = JSON.stringify({ path: request.path })
    await sqs.send(
      new SendMessageBatchCommand(
        correlation.sqs({ QueueUrl: process.env.QUEUE, Entries: [{ Id: 'a', MessageBody }] }),
      ),
    )
    await sns.send(new PublishCommand(correlation.sns({ TopicArn: process.env.TOPIC, Message: MessageBody })))
    return { placed: true }
  })

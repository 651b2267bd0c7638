import type * as aws from 'aws-lambda'

/**
 * What Lambda tells of an invocation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export interface Context extends aws.Context {}

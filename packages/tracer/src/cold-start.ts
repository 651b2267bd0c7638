/** Whether no invocation has come to this environment yet. */
let cold = (process.env.AWS_LAMBDA_INITIALIZATION_TYPE ?? 'on-demand') === 'on-demand'

export const isColdStart = (): boolean => {
  const coldStart = cold
  cold = false
  return coldStart
}

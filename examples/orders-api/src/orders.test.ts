import { fakeContext } from '@fnware/testing'
import { expect, test } from 'vitest'

// Pages that may not share memory between threads: a clear error instead of one from inside.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SharedMap } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'

afterEach(() => vi.unstubAllGlobals())

describe.each([
  ['the page is not cross-origin isolated', 'crossOriginIsolated', false],
  ['there is no SharedArrayBuffer', 'SharedArrayBuffer', undefined],
])('where %s', (_, name, value) => {
  it('no map can be made or attached, and the message says what to do', () => {
    const { handle } = new SharedMap(null, { key: 'string', value: 'number' })
    vi.stubGlobal(name, value)
    const error = thrownBy(() => new SharedMap(null, { key: 'string', value: 'number' }))
    expectError(error, 'ERR_NOT_ISOLATED', 'not cross-origin isolated')
    expectError(error, 'ERR_NOT_ISOLATED', '"Cross-Origin-Opener-Policy: same-origin"')
    expectError(error, 'ERR_NOT_ISOLATED', '"Cross-Origin-Embedder-Policy: require-corp"')
    if (name === 'crossOriginIsolated') expectError(thrownBy(() => SharedMap.attach(handle)), 'ERR_NOT_ISOLATED', 'not cross-origin isolated')
    else expect(() => SharedMap.attach(handle)).toThrow()
  })

  it('wrong options are told first', () => {
    vi.stubGlobal(name, value)
    expectError(thrownBy(() => new SharedMap(null, { key: 'text' } as never)), 'ERR_OPTIONS', 'The option key')
  })
})

describe('where the page is isolated', () => {
  it('maps can be made', () => {
    vi.stubGlobal('crossOriginIsolated', true)
    expect(new SharedMap([['ann', 1]], { key: 'string', value: 'number' }).get('ann')).toBe(1)
  })
})

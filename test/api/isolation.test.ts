// Pages that may not share memory between threads: a clear error instead of one from inside.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SharedMap, type TophashErrorCode } from 'tophash'
import { expectError, thrownBy } from '../support/errors.js'

afterEach(() => vi.unstubAllGlobals())

describe.each<[what: string, name: string, value: unknown, code: TophashErrorCode, fragments: string[]]>([
  [
    'the page is not cross-origin isolated',
    'crossOriginIsolated',
    false,
    'ERR_NOT_ISOLATED',
    ['not cross-origin isolated', '"Cross-Origin-Opener-Policy: same-origin"', '"Cross-Origin-Embedder-Policy: require-corp"'],
  ],
  ['there is no SharedArrayBuffer', 'SharedArrayBuffer', undefined, 'ERR_UNSUPPORTED', ['no SharedArrayBuffer']],
  ['there is no WebAssembly', 'WebAssembly', undefined, 'ERR_UNSUPPORTED', ['no WebAssembly']],
])('where %s', (_, name, value, code, fragments) => {
  it('no map can be made or attached, and the message says what to do', () => {
    const { handle } = new SharedMap(null, { key: 'string', value: 'number' })
    vi.stubGlobal(name, value)
    for (const action of [() => new SharedMap(null, { key: 'string', value: 'number' }), () => SharedMap.attach(handle)]) {
      const error = thrownBy(action)
      for (const fragment of fragments) expectError(error, code, fragment)
    }
  })

  it('wrong options are told first', () => {
    vi.stubGlobal(name, value)
    expectError(
      thrownBy(() => new SharedMap(null, { key: 'text' } as never)),
      'ERR_OPTIONS',
      'The option key',
    )
  })
})

describe('where the page is isolated', () => {
  it('maps can be made', () => {
    vi.stubGlobal('crossOriginIsolated', true)
    expect(new SharedMap([['ann', 1]], { key: 'string', value: 'number' }).get('ann')).toBe(1)
  })
})

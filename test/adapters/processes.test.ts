// Where a host runs in several processes, which share no memory, a store says so once.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../../build/test/adapters/cluster.program.js', import.meta.url))

describe('a store', () => {
  it('warns in a process of node:cluster, once, and works', async () => {
    const { stdout, warnings, stderr } = await run([])
    expect(stdout.trim()).toBe('stored 1')
    expect(warnings).toBe(1)
    expect(stderr).toContain('(node:cluster)')
    expect(stderr).toContain('worker threads')
    expect(stderr).toContain('tophash/redis')
  })

  it.each([
    ['several processes', { pm_id: '0', exec_mode: 'fork_mode', instances: '2' }, 1],
    ['cluster mode', { pm_id: '0', exec_mode: 'cluster_mode', instances: '1' }, 1],
    ['one process', { pm_id: '0', exec_mode: 'fork_mode', instances: '1' }, 0],
    ['nothing of the kind', {}, 0],
  ])("says the right thing of PM2's %s", async (_, env, expected) => {
    const { stdout, warnings } = await run(['alone'], env)
    expect(stdout.trim()).toBe('stored 1')
    expect(warnings).toBe(expected)
  })

  it('is silent if that is meant', async () => {
    expect((await run([], { NODE_OPTIONS: '--disable-warning=TOPHASH_PROCESSES' })).warnings).toBe(0)
  })
})

async function run(args: string[], env: Record<string, string> = {}) {
  const { pm_id, exec_mode, instances, NODE_OPTIONS, ...clean } = process.env
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...args], { env: { ...clean, ...env } })
  return { stdout, stderr, warnings: stderr.split('[TOPHASH_PROCESSES]').length - 1 }
}

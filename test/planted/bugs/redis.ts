import type { Bug } from '../bug.js'

const COHERENCE = 'test/redis/coherence.test.ts'
const TIERED = 'test/redis/tiered.test.ts'
const FAR = 'test/redis/far.test.ts'

/** A cache in two levels: nothing older than what the server has told of, whoever listens. */
export const REDIS: readonly Bug[] = [
  {
    name: 'an invalidation that overtakes a read is lost',
    file: 'src/adapters/redis/listener.ts',
    replace: 'for (const key of keys) this.#shared.cache.delete(textOf(key).slice(this.#skipped))',
    by:
      'for (const key of keys.map((each) => textOf(each).slice(this.#skipped)))\n' +
      '        if (this.#shared.cache.has(key)) this.#shared.cache.delete(key)',
    test: [COHERENCE, 'does not keep what was read before a change that it was told of sooner'],
  },
  {
    name: 'a load that cannot be written loses its claim, and so the error',
    file: 'src/adapters/redis/asking.ts',
    replace: '    if found and unbroken then',
    by: '    if unbroken then',
    test: [TIERED, 'says of each load that the server has no room for it'],
  },
  {
    name: 'a change marks no read that began while nobody listened',
    file: 'src/adapters/redis/listener.ts',
    replace: '      else for (const key of keys) this.#shared.flights.delete(textOf(key).slice(this.#skipped))\n',
    by: '',
    test: [COHERENCE, 'gives nobody an older value after a change that was told of'],
  },
  {
    name: 'nobody listens and the near level answers',
    file: 'src/adapters/redis/shared.ts',
    replace: '    this.#words.set(WORD.until, 0)\n',
    by: '',
    test: [COHERENCE, 'is not given out while nobody listens, and not kept'],
  },
  {
    name: 'a new listener keeps what was there',
    file: 'src/adapters/redis/shared.ts',
    replace: '    this.cache.clear() // marks what is being loaded, too\n',
    by: '',
    test: [COHERENCE, 'is forgotten by a new listener'],
  },
  {
    name: 'a new listener lets be kept what was read before it listened',
    file: 'src/adapters/redis/shared.ts',
    replace: '    this.cache.clear() // marks what is being loaded, too\n',
    by: '    for (const key of [...this.cache.keys()]) this.cache.delete(key)\n',
    test: [COHERENCE, 'is forgotten by a new listener'],
  },
  {
    name: 'a silent server is trusted for ever',
    file: 'src/adapters/redis/shared.ts',
    replace: '    this.#words.set(WORD.until, moment + patience)\n',
    by: '    this.#words.set(WORD.until, moment + patience + 1e9)\n',
    test: ['test/redis/silence.test.ts', 'is trusted no longer than it is heard of'],
  },
  {
    name: 'the right to listen dies with its thread',
    file: 'src/adapters/redis/shared.ts',
    replace: 'if (this.#words.getOrInsert(WORD.right, item) === item) return () => received.release()\n      received.done()\n',
    by:
      'received.done()\n' +
      '      if (this.#words.getOrInsert(WORD.right, item) === item) return () => void this.#rights.tryPush(item)\n',
    test: ['test/redis/threads.test.ts', 'another when that is killed'],
  },
  {
    name: 'each thread that comes listens',
    file: 'src/adapters/redis/shared.ts',
    replace: 'if (this.#words.getOrInsert(WORD.right, item) === item)',
    by: 'if (item !== undefined)',
    test: [COHERENCE, 'by one of two that make it at the same moment'],
  },
  {
    name: 'a set is seen when the server tells of it, and not before',
    file: 'src/adapters/redis/tiered.ts',
    replace: '      await this.#far.write(key, bytes, ttl)\n    } finally {\n      this.#forget(key)\n',
    by: '      await this.#far.write(key, bytes, ttl)\n    } finally {\n',
    test: [COHERENCE, 'before the server tells of it'],
  },
  {
    name: 'a set of which nobody knows whether it was done leaves what is near',
    file: 'src/adapters/redis/tiered.ts',
    replace: '      await this.#far.write(key, bytes, ttl)\n    } finally {\n      this.#forget(key)\n    }\n',
    by: '      await this.#far.write(key, bytes, ttl)\n      this.#forget(key)\n    } finally {\n    }\n',
    test: [COHERENCE, 'does not know what the server has done'],
  },
  {
    name: 'a set while nobody listens is not seen by who asks next',
    file: 'src/adapters/redis/tiered.ts',
    replace: '    this.#shared.flights.delete(key)\n  }\n',
    by: '  }\n',
    test: [COHERENCE, 'after a set while nobody listens'],
  },
  {
    name: 'what is loaded while nobody listens is kept',
    file: 'src/adapters/redis/tiered.ts',
    replace: 'this.#shared.flights.delete(key) // which marks',
    by: 'void 0 // which marks',
    test: [COHERENCE, 'is not given out while nobody listens, and not kept'],
  },
  {
    name: 'what was loaded is written over what another machine has set',
    file: 'src/adapters/redis/asking.ts',
    replace: "    if found then return {found, redis.call('PTTL', key)} end\n    if not unbroken then return 0 end\n",
    by: '',
    test: [COHERENCE, 'does not bring back what another machine has set or deleted'],
  },
  {
    name: 'what was loaded comes back after another machine has deleted it',
    file: 'src/adapters/redis/asking.ts',
    replace: '    if not unbroken then return 0 end\n',
    by: '',
    test: [COHERENCE, 'does not bring back what another machine has set or deleted'],
  },
  {
    name: 'machines load at the same time although one at a time was wanted',
    file: 'src/adapters/redis/tiered.ts',
    replace: "'found' in begun || begun.isOwn || lock === 0",
    by: "'found' in begun || lock >= 0",
    test: [COHERENCE, 'has one machine load, if that is wanted'],
  },
  {
    name: 'a load that fails keeps others from loading',
    file: 'src/adapters/redis/tiered.ts',
    replace: '      await this.#far.release(key, claim)\n',
    by: '',
    test: [COHERENCE, 'has one machine load, if that is wanted'],
  },
  {
    name: 'a value lives near for longer than on the server',
    file: 'src/adapters/redis/tiered.ts',
    replace: '    context.ttl = least(left, this.#plan.nearTtl)\n',
    by: '    context.ttl = least(Infinity, this.#plan.nearTtl)\n',
    test: [TIERED, 'keeps near no longer than the server does'],
  },
  {
    name: 'what is set has the time of the cache and not its own',
    file: 'src/adapters/redis/tiered.ts',
    replace: "ttlOf('set', times, this.#plan.ttl)",
    by: 'this.#plan.ttl',
    test: [TIERED, 'has times to live travel'],
  },
  {
    name: 'who has a loader gets nothing because somebody without one has asked first',
    file: 'src/adapters/redis/tiered.ts',
    replace: 'if (isOwn || !loader) return undefined',
    by: 'if (isOwn || loader !== null) return undefined',
    test: [TIERED, 'also if somebody asks before who has none'],
  },
  {
    name: 'bytes from the server are a part of what the client reads into',
    file: 'src/adapters/redis/format.ts',
    replace: 'return new Uint8Array(rest) //',
    by: 'return rest //',
    test: ['test/redis/format.test.ts', 'is written as 620102'],
  },
  {
    name: 'who comes while the server is silent waits for it again',
    file: 'src/adapters/redis/far.ts',
    replace: 'if (performance.now() < this.#silentUntil && !this.#isHeard())',
    by: 'if (this.#silentUntil < 0)',
    test: [FAR, 'is not waited for again for a second'],
  },
  {
    name: 'what the timer says does not count until a clock says so as well',
    file: 'src/adapters/redis/far.ts',
    replace: '    const late = (): void => {\n      onLate?.()\n',
    by:
      '    const began = performance.now()\n' +
      '    const late = (): void => {\n      if (performance.now() - began >= ms) onLate?.()\n',
    test: [FAR, 'is not waited for again for a second'],
  },
  {
    name: 'a read that fails takes those with it that were asked for beside it',
    file: 'src/adapters/redis/asking.ts',
    replace: 'local isDone, reply = pcall(act, ARGV',
    by: 'local isDone, reply = true, act(ARGV',
    test: [TIERED, 'passes on what the server answers'],
  },
  {
    name: 'an act that has failed beside others is not sent again alone',
    file: 'src/adapters/redis/asking.ts',
    replace: 'asked.length > 1 && isText(replies[index])',
    by: 'asked.length < 1 && isText(replies[index])',
    test: [TIERED, 'passes on what the server answers'],
  },
  {
    name: 'what is asked for in one turn travels one by one',
    file: 'src/adapters/redis/asking.ts',
    replace: 'else if (count === 1) process.nextTick(this.#flush)',
    by: 'else this.#flush()',
    test: [TIERED, 'asks for all that is missed in one turn by one command'],
  },
  {
    name: 'an error of valkey-glide that is none of the server is passed on',
    file: 'src/adapters/redis/errors.ts',
    replace: 'error instanceof Error && error.constructor.name === GLIDE_REPLY',
    by: "error instanceof Error && error.constructor.name.endsWith('Error')",
    test: [FAR, 'is an answer of the server, or says that there is none'],
  },
  {
    name: 'a script that the server does not know is an error with valkey-glide',
    file: 'src/adapters/redis/errors.ts',
    replace: '    .toUpperCase()\n',
    by: '',
    test: [FAR, 'is a script that the server does not know'],
  },
  {
    name: 'an answer is late because the thread was busy',
    file: 'src/adapters/redis/far.ts',
    replace: 'setTimeout(() => (turn = setImmediate(late)), Math.min(ms, LONGEST_TIMER))',
    by: 'setTimeout(() => late(), Math.min(ms, LONGEST_TIMER))',
    test: [FAR, 'that comes while the thread is busy is not late'],
  },
  {
    name: 'what loaders bring while the server is away outlives that',
    file: 'src/adapters/redis/tiered.ts',
    replace: 'const mayBeOld = isAlone && this.#shared.silence < this.#plan.staleIfAway\n',
    by: 'const mayBeOld = isAlone\n',
    test: ['test/redis/away.test.ts', 'what is near is not given out, loaders are called'],
  },
]

import type { Bug } from '../bug.js'

const LOCK = 'assembly/sync/lock.ts'
const WATCH = 'assembly/structures/hashmap/watch.ts'
const WAITING = 'src/table/waiting.ts'
const CORE = 'test/waiting/core.test.ts'
const DEATHS = 'test/waiting/deaths.test.ts'
const API = 'test/waiting/waiting.test.ts'

/** Of waiting for a key to change: flags, wake-ups, looks, deaths. */
export const WAITING_FOR_KEYS: readonly Bug[] = [
  {
    name: 'a writer does not wake who waits for its key',
    file: LOCK,
    replace: '  if (held & WAITERS) wakeAll(address)\n',
    by: '',
    test: [CORE, "is woken by 'a replacement', in 'numbers'"],
  },
  {
    name: 'who takes a lock leaves the flag of those who wait behind',
    file: LOCK,
    replace: '(seen & (LIVE | WAITERS))',
    by: '(seen & LIVE)',
    test: [CORE, "is woken by 'an insertion', in 'texts'"],
  },
  {
    name: 'a flag stays when those who wait were woken',
    file: LOCK,
    replace: 'journal().word = seen & ~WAITERS',
    by: 'journal().word = seen',
    test: [DEATHS, 'whoever died while it waited costs nothing afterwards'],
  },
  {
    name: 'who waits says so of a word that it has not looked under',
    file: LOCK,
    replace: `  if (atomic.cmpxchg<u32>(address, seen, flagged) != seen) return 0
  checkpoint(Checkpoint.WordWatched)
  return flagged`,
    by: `  atomic.or<u32>(address, WAITERS)
  checkpoint(Checkpoint.WordWatched)
  return flagged & 0 | atomic.load<u32>(address)`,
    test: [CORE, "is woken by 'a replacement' that comes at any step of the look, or does not sleep, in 'texts'"],
  },
  {
    name: 'who waits for a key does not say so',
    file: LOCK,
    replace: 'const flagged = seen | WAITERS',
    by: 'const flagged = seen',
    test: [CORE, "is woken by 'a clear', in 'a cache'"],
  },
  {
    name: 'a lock is forgotten before those who wait were woken',
    file: LOCK,
    replace: '  if (held & WAITERS) wakeAll(address)\n  journal().lock = 0 ',
    by: '  journal().lock = 0\n  checkpoint(Checkpoint.LockReleased)\n  if (held & WAITERS) wakeAll(address)\n  ',
    test: [DEATHS, "and dies at any step of 'a replacement', in 'numbers'"],
  },
  {
    name: 'recovery does not wake those whom a dead writer was about to wake',
    file: 'assembly/heap/recovery.ts',
    replace: '  else if (address) wakeAll(address)',
    by: '',
    test: [DEATHS, "and dies at any step of 'a removal', in 'texts'"],
  },
  {
    name: 'a table that shrinks does not wake who sleeps on its heads',
    file: 'assembly/structures/hashmap/shrink.ts',
    replace: '  wakeSleepers(table)\n',
    by: '',
    test: [CORE, 'its head goes back with the segments'],
  },
  {
    name: 'a look believes what has changed meanwhile',
    file: WATCH,
    replace: 'if (!isSame && !hasChanged(head, word)) return DIFFERENT',
    by: 'if (!isSame) return DIFFERENT',
    test: [CORE, 'is not told of a change that is none'],
  },
  {
    name: 'who waits takes what has ended for the value still',
    file: WATCH,
    replace: 'const isThere = ref ? !hasEnded(stripe, ref) : isNone()',
    by: 'const isThere = ref ? hasEnded(stripe, ref) || true : isNone()',
    test: [CORE, 'is told how long the entry lives'],
  },
  {
    name: 'who waits is not told that an entry ends',
    file: WATCH,
    replace: '    end = time\n    return false\n',
    by: '    end = NEVER\n    return false\n',
    test: [CORE, 'is told how long the entry lives'],
  },
  {
    name: 'minus zero is not zero to who expects it',
    file: 'assembly/structures/hashmap/expected.ts',
    replace: ' || (word == MINUS_ZERO && !expected.word)',
    by: '',
    test: [API, 'takes -0 for 0'],
  },
  {
    name: 'a value that is undefined is not what get has returned',
    file: 'src/map/atomic-map.ts',
    replace: "seen !== undefined || table.schema.value === 'any'",
    by: 'seen !== undefined',
    test: [API, 'sees undefined where get returns it'],
  },
  {
    name: 'a wake-up is passed on, whatever it was for',
    file: WAITING,
    replace: '      this.#asleep = undefined\n      then()\n',
    by: '      this.#asleep = undefined\n      this.look = () => "changed"\n      then()\n',
    test: [API, 'does not pass on'],
  },
  {
    name: 'a wait that is over leaves its promise behind',
    file: WAITING,
    replace: '    clearTimeout(this.#timer)\n    this.#wake()\n',
    by: '    clearTimeout(this.#timer)\n',
    test: [API, 'leaves nobody asleep'],
  },
  {
    name: 'a pending wait does not keep the program alive',
    file: WAITING,
    replace: 'this.#timer ??= setInterval(() => this.#atSweep(), SWEEP)',
    by: '(this.#timer ??= setInterval(() => this.#atSweep(), SWEEP)).unref()',
    test: [API, 'keeps the program alive'],
  },
  {
    name: 'a wait that is over keeps the program alive',
    file: WAITING,
    replace: '    clearInterval(this.#timer)\n    this.#timer = undefined\n    return wasHere\n',
    by: '    return wasHere\n',
    test: [API, 'keeps the program alive'],
  },
  {
    name: 'who waits for a map that is disposed of is not told',
    file: 'src/table/table.ts',
    replace: '    this.waits?.end()\n',
    by: '',
    test: [API, 'is rejected when the map is disposed of'],
  },
  {
    name: 'who waits for an entry of a cache sleeps beyond its end',
    file: WAITING,
    replace: 'on.lifetime < Infinity ? Math.min(SLICE, untilEnd(on.lifetime)) : 0',
    by: '0',
    test: ['test/waiting/cache.test.ts', 'sleeps no longer than the entry lives'],
  },
  {
    name: 'a wait whose time is over says that there was a change',
    file: WAITING,
    replace: "if (left <= 0) return 'timed-out'",
    by: "if (left <= 0) return 'changed'",
    test: [API, 'returns when its time is over'],
  },
  {
    name: 'a wait blocks a thread that may not',
    file: WAITING,
    replace: "  if (!mayBlock()) throw mayNotBlock('waitAsync')\n",
    by: '',
    test: [API, 'throws where a thread may not block'],
  },
  {
    name: 'a full heap ends every wait for something large',
    file: 'src/table/watch.ts',
    replace: '    return isSame ? { address: 0',
    by: '    return !isSame ? { address: 0',
    test: [API, 'in a heap that has no room'],
  },
]

import type { Bug } from '../bug.js'

const TRANSFER = 'assembly/structures/queue/transfer.ts'
const PUSH = 'assembly/structures/queue/push.ts'
const TAKE = 'assembly/structures/queue/take.ts'
const RECEIVE = 'assembly/structures/queue/receive.ts'
const DEATHS = 'test/queue/deaths.test.ts'
const QUEUE = 'test/queue/queue.test.ts'

/** Of the queue: its ends, what is received, deaths in the middle, waiting. */
export const QUEUES: readonly Bug[] = [
  {
    name: 'an item that was pushed when its thread died is freed',
    file: TRANSFER,
    replace: '    if (unfinished().handed) emptyHand(unfinished().handed)\n',
    by: '',
    test: [DEATHS, 'while it pushes a text'],
  },
  {
    name: 'items that were not taken when their thread died are freed',
    file: TRANSFER,
    replace: '    unfinished().taken = 0 // items still\n',
    by: '',
    test: [DEATHS, 'while it pops a text'],
  },
  {
    name: 'blocks that there was no room for are lost',
    file: PUSH,
    replace: '  freeStaged()\n',
    by: '  unfinished().staged = 0\n',
    test: [QUEUE, 'takes no memory for what there was no room for'],
  },
  {
    name: 'a queue holds one item more than its capacity',
    file: PUSH,
    replace: 'room = capacity - u32(tail.position - tail.seenHead)',
    by: 'room = capacity + 1 - u32(tail.position - tail.seenHead)',
    test: [QUEUE, 'room for its capacity and no more'],
  },
  {
    name: 'what comes back is not put in order',
    file: RECEIVE,
    replace: '    if (stampOf(there) > stampOf(batch)) return link\n',
    by: '',
    test: [QUEUE, 'comes back in front and in order'],
  },
  {
    name: 'what a thread has received stays with it when it lets go',
    file: 'assembly/heap/collections.ts',
    replace: '  if (!opens && !leaveStripe(stripe, recordOf(stripe))) return OWNER_UNRESPONSIVE\n',
    by: '',
    test: [QUEUE, 'comes back when the thread lets go'],
  },
  {
    name: 'what was received is not given back if nobody was told of it',
    file: RECEIVE,
    replace: '  giveBackLocked(record, linkToHeld(record, batch))\n}',
    by: '  commit()\n  unlockUnchanged(headLock(record))\n}',
    test: [DEATHS, 'thrown out of receiving'],
  },
  {
    name: 'who waits for room is not told of it',
    file: TAKE,
    replace: '  if (hasMadeRoom) wake(record, PRODUCERS, count)\n',
    by: '',
    test: [QUEUE, 'is told at once'],
  },
  {
    name: 'a thread that died while it waited is waited for',
    file: 'assembly/structures/queue/wait.ts',
    replace: '  for (let end: u32 = 0; end <= 1; end++) {\n    const times',
    by: '  for (let end: u32 = 0; end < 1; end++) {\n    const times',
    test: [DEATHS, 'while it waits is not waited for'],
  },
  {
    name: 'an item is pushed into a queue that was closed',
    file: PUSH,
    replace: '  if (queueAt(record).closed) return CLOSED\n',
    by: '',
    test: [QUEUE, 'is closed once'],
  },
  {
    name: 'an object that cannot be decoded is lost',
    file: 'src/queue/received.ts',
    replace: 'heap.core.giveBack(stripe, batch) !==',
    by: 'heap.core.finishReceived(stripe, batch) !==',
    test: [QUEUE, 'that cannot be decoded stay'],
  },
  {
    name: 'items that were received when the stack came to its end are held by nobody',
    file: 'src/queue/received.ts',
    replace: 'if (batch === 0) return',
    by: 'if (batch >= 0) return',
    test: ['test/api/overflow.test.ts', 'items of kind any are received'],
  },
  {
    name: 'an end is believed before the last item was looked for',
    file: 'src/queue/queue.ts',
    replace:
      '    const isClosed = this.#isClosed()\n    const item = this.#ends.pop()\n    if (item !== NOTHING) return { item }\n    return isClosed',
    by: '    const item = this.#ends.pop()\n    if (item !== NOTHING) return { item }\n    return this.#isClosed()',
    test: [QUEUE, 'does not end before the last item'],
  },
  {
    name: 'a full heap has room for all items that are received, or none',
    file: 'assembly/structures/queue/receive.ts',
    replace: 'while (!batch && !hasGivenUp && room > 1)',
    by: 'while (false)',
    test: ['test/cache/clock.test.ts', 'a queue in a full heap'],
  },
  {
    name: 'one item that cannot be read hides those before it',
    file: 'src/queue/ends.ts',
    replace: 'if (read.length === 0) throw error',
    by: 'throw error',
    test: ['test/queue/queue.test.ts', 'does not hide those before it'],
  },
]

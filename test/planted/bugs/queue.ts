import type { Bug } from '../bug.js'

const TRANSFER = 'assembly/structures/queue/transfer.ts'
const PUSH = 'assembly/structures/queue/push.ts'
const TAKE = 'assembly/structures/queue/take.ts'
const RECEIVE = 'assembly/structures/queue/receive.ts'
const DEATHS = 'test/queue/deaths.test.ts'
const ITEMS = 'test/queue/items.test.ts'
const RECEIVED = 'test/queue/received.test.ts'
const ASYNC = 'test/queue/async.test.ts'
const QUEUE = 'test/queue/queue.test.ts'
const WAIT = 'assembly/structures/queue/wait.ts'
const CALLING = 'test/queue/calling.test.ts'

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
    test: [RECEIVED, 'comes back in front and in order'],
  },
  {
    name: 'what a thread has received stays with it when it lets go',
    file: 'assembly/heap/collections.ts',
    replace: '  if (!opens && !leaveStripe(stripe, recordOf(stripe))) return OWNER_UNRESPONSIVE\n',
    by: '',
    test: [RECEIVED, 'comes back when the thread lets go'],
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
    test: [ASYNC, 'is told at once'],
  },
  {
    name: 'a thread that died while it waited is waited for',
    file: WAIT,
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
    test: [ITEMS, 'that cannot be decoded stay'],
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
    file: 'src/queue/consumer.ts',
    replace:
      '    const isClosed = this.isClosed()\n    const item = this.#ends.pop()\n    if (item !== NOTHING) return { item }\n    return isClosed',
    by: '    const item = this.#ends.pop()\n    if (item !== NOTHING) return { item }\n    return this.isClosed()',
    test: [ASYNC, 'does not end before the last item'],
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
    replace: 'if (read.length === 0 || read.length >= wanted) throw error',
    by: 'throw error',
    test: [ITEMS, 'does not hide those before it'],
  },
  {
    name: 'numbers are items before they are written',
    file: PUSH,
    replace: '  const numbers = scratchValue()\n  for',
    by: '  const numbers = scratchValue()\n  publishTail(record, position + pushed)\n  for',
    test: [DEATHS, 'while it pushes numbers at once'],
  },
  {
    name: 'numbers are pushed beyond the room that there is',
    file: PUSH,
    replace: '  const pushed = min<u32>(room, count)\n  if (pushed < count)',
    by: '  const pushed = count\n  if (pushed < count)',
    test: [DEATHS, 'while it pushes numbers at once'],
  },
  {
    name: 'who has seen an object takes whatever is the first now',
    file: 'assembly/structures/queue/pop.ts',
    replace: ' || f64(headOf(record).position) != position) {',
    by: ') {',
    test: [DEATHS, 'has seen an object that is not the first'],
  },
  {
    name: 'who has seen an object takes what came back in front of it',
    file: 'assembly/structures/queue/pop.ts',
    replace: '!look(record, 1) || source || f64',
    by: '!look(record, 1) || f64',
    test: [DEATHS, 'has seen an object that is not the first'],
  },
  {
    name: 'an object is taken before it is decoded',
    file: 'src/queue/ends.ts',
    replace: '    const item = table.values.result()\n    const status = heap.core.takeSeen(this.#stripe, position)\n',
    by: '    const status = heap.core.takeSeen(this.#stripe, position)\n    const item = table.values.result()\n',
    test: [ITEMS, 'that cannot be decoded stay'],
  },
  {
    name: 'a text among numbers is popped as one',
    file: 'assembly/structures/queue/pop.ts',
    replace: '    if (isBoxed(word)) return 0\n',
    by: '',
    test: [DEATHS, 'while it pops many'],
  },
  {
    name: 'behind items that came back nothing is looked for',
    file: 'assembly/structures/queue/pop.ts',
    replace: 'results().status = source ? FOUND : ABSENT',
    by: 'results().status = ABSENT',
    test: [RECEIVED, 'comes back in front and in order'],
  },
  {
    name: 'whoever brings something calls, though one is called',
    file: WAIT,
    replace: '!atomic.load<u32>(calledWord(record, end))) wakeWaiters',
    by: 'true) wakeWaiters',
    test: [CALLING, 'one is called, however much comes'],
  },
  {
    name: 'who was called does not call the next',
    file: WAIT,
    replace: '  if (end == CONSUMERS ? countItems(record) : countRoom(record)) wake(record, end, 1)\n',
    by: '',
    test: [CALLING, 'one is called, however much comes'],
  },
  {
    name: 'who was called stays called',
    file: WAIT,
    replace: '  atomic.store<u32>(calledWord(record, end), 0) // pairs with wake\n',
    by: '',
    test: [CALLING, 'the next is not called if the first has taken everything'],
  },
  {
    name: 'nobody calls for one who was called and died',
    file: WAIT,
    replace: '    leaveWaiters(stripe, end, times)\n    callNext(recordOf(stripe), end)\n',
    by: '    leaveWaiters(stripe, end, times)\n',
    test: [CALLING, 'by whoever recovers the first'],
  },
  {
    name: 'who calls nobody leaves it called',
    file: WAIT,
    replace: '  atomic.store<u32>(calledWord(record, end), 0) // pairs with wake: nobody was\n',
    by: '',
    test: [CALLING, 'does not sleep yet'],
  },
  {
    name: 'at the end only who is not called is woken',
    file: WAIT,
    replace: '    if (seen & WAITERS_MASK) wakeWaiters(record, end, seen, 0x7fff_ffff)\n',
    by: '    wake(record, end, 0x7fff_ffff)\n',
    test: [CALLING, 'all are called at the end'],
  },
]

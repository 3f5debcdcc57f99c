import { type Encoded, isObject, ownEncoded } from '../codecs/encoded.js'
import { checkTries } from './contention.js'
import { STATUS } from '../core/layout.js'
import { exchange, insert, publish, readAgain, take } from './operations.js'
import { isNoting, isWatched } from './reentrancy.js'
import type { Table } from './table.js'

// Operations that return a value which they have taken out, or put in. To decode an object runs code that can fail: the
// codec's, or with too little of the stack left. Then the map has to be as it was. So it is decoded first, and written if
// the entry is still what was decoded. All else is handed out in one step.

/** Sets a value. Returns the one before. */
export function exchangeValue<K, V>(table: Table<K, V>, key: Encoded, value: Encoded): V | undefined {
  const status = isNoting && isWatched(table) ? STATUS.spared : exchange(table, key, value)
  if (status === STATUS.spared) return replaceSeen(table, key, value, 'exchange')
  return status === STATUS.replaced ? table.values.result() : undefined
}

/** Removes an entry. Returns its value. */
export function takeValue<K, V>(table: Table<K, V>, key: Encoded): V | undefined {
  const status = isNoting && isWatched(table) ? STATUS.spared : take(table, key)
  if (status === STATUS.spared) return replaceSeen(table, key, undefined, 'take')
  return status === STATUS.removed ? table.values.result() : undefined
}

/** The value of a key; if there is none, `value`, which is set. */
export function getOrInsert<K, V>(table: Table<K, V>, key: Encoded, value: Encoded): V {
  if (!isObject(value.meta)) return insert(table, key, value) ? table.values.unpack(value) : table.values.result()
  const [ownKey, ownValue] = [ownEncoded(key), ownEncoded(value)]
  const before = readAgain(table, ownKey, 0)
  if (before) return table.values.unpack(before)
  const copy = table.values.unpack(ownValue)
  return insert(table, ownKey, ownValue) ? copy : table.values.result()
}

/** Decodes what is there, until it could be replaced as it was decoded; `value` undefined: removed. */
function replaceSeen<K, V>(table: Table<K, V>, given: Encoded, value: Encoded | undefined, name: string): V | undefined {
  const key = ownEncoded(given)
  const own = value && ownEncoded(value)
  for (let tries = 0; ; tries++) {
    checkTries(tries, name)
    const before = readAgain(table, key, tries)
    const decoded = before && table.values.unpack(before)
    if (publish(table, key, before, own)) return decoded
  }
}

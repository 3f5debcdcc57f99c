import type { Bug } from '../bug.js'

/** Objects as values: the format of plain ones, and where it ends. */
export const OBJECTS: readonly Bug[] = [
  {
    name: 'a getter is asked again by the other serialiser',
    file: 'src/codecs/structured.ts',
    replace: 'readings!.get(source as object, values.nameOf(key))',
    by: '(source as any)[values.nameOf(key)]',
    test: ['test/model/plain.test.ts', 'is what it was when a getter of it was read'],
  },
  {
    name: 'one of many objects is written twice',
    file: 'src/codecs/plain-writer.ts',
    replace: 'this.#all.add(object)',
    by: '',
    test: ['test/model/plain.test.ts', 'one in two places among many'],
  },
  {
    name: 'a plain -0 is 0',
    file: 'src/codecs/plain-writer.ts',
    replace: ' || (integer === 0 && 1 / value < 0)',
    by: '',
    test: ['test/model/plain.test.ts', 'comes back as structuredClone copies it'],
  },
  {
    name: 'a hole is undefined',
    file: 'src/codecs/plain-writer.ts',
    replace: 'if (!Object.hasOwn(source, i)) return false',
    by: '',
    test: ['test/model/plain.test.ts', 'not a plain value, but kept: a hole'],
  },
  {
    name: 'what Object.prototype has becomes properties of each object',
    file: 'src/codecs/plain-writer.ts',
    replace: 'this.#isPolluted = hasNames(Object.prototype)',
    by: '',
    test: ['test/model/plain.test.ts', 'does not get properties that Object.prototype has'],
  },
  {
    name: 'bytes can give an object a prototype',
    file: 'src/codecs/plain-shapes.ts',
    replace: "if (at > text.length || key === '__proto__') return undefined",
    by: 'if (at > text.length) return undefined',
    test: ['test/model/plain.test.ts', 'bytes of the plain format that nobody wrote: a prototype'],
  },
  {
    name: 'objects of one hash have the same names',
    file: 'src/codecs/plain-reader.ts',
    replace: 'if (shape && this.#begins(begin, shape.header)) {',
    by: 'if (shape) {',
    test: ['test/model/plain.test.ts', 'has the same bytes whatever was written before it'],
  },
  {
    name: 'a getter writes into the value that it belongs to',
    file: 'src/codecs/structured.ts',
    replace: '    idleWriter = undefined\n',
    by: '',
    test: ['test/model/plain.test.ts', 'may be encoded by a getter of another one'],
  },
  {
    name: 'a getter that has a value written takes away what was read of its own',
    file: 'src/codecs/structured.ts',
    replace: '    readings = outer\n',
    by: '    readings = undefined\n',
    test: ['test/model/plain.test.ts', 'is so, too, if a getter further in has another value written'],
  },
  {
    name: 'properties that Object.prototype has, too, are assigned',
    file: 'src/codecs/plain-reader.ts',
    replace: 'if (isInherited) return this.#defineProperties(object, keys, depth)',
    by: '',
    test: ['test/model/plain.test.ts', 'has its own properties, although Object.prototype has one of the same name'],
  },
  {
    name: 'a structured object assigns properties that Object.prototype has, too',
    file: 'src/codecs/structured.ts',
    replace: "json.includes('__proto__') || Object.getOwnPropertyNames(Object.prototype).some((name) => json.includes(name))",
    by: "json.includes('__proto__')",
    test: ['test/model/plain.test.ts', 'has its own properties, although Object.prototype has one of the same name'],
  },
]

/**
 * The base of all that belongs to one thread: such an object cannot be posted to another one, where it would arrive as an
 * empty object. Structured cloning refuses an object of JavaScript's that has an internal slot and is none of the kinds that
 * HTML lists (StructuredSerializeInternal: DataCloneError), in all runtimes. So each is made as a WeakRef: the cheapest of
 * those. It inherits no methods of WeakRef's, and nothing looks at what it refers to.
 */
export const Uncloneable = class extends WeakRef<object> {
  constructor() {
    super(Object)
  }
} as unknown as abstract new () => object

Object.setPrototypeOf(Uncloneable.prototype, Object.prototype)

/**
 * Gives the page `setImmediate`, over a message channel, before Effect looks for it: else its fibers go on by timers, which
 * browsers hold back to one a second in a tab that is not looked at. Somebody who waits for an answer looks elsewhere.
 */
export const giveSetImmediate = (): void => {
  if ("setImmediate" in globalThis) return
  const waiting = new Map<number, () => void>()
  const { port1, port2 } = new MessageChannel()
  let last = 0
  port1.addEventListener("message", ({ data }: MessageEvent<number>) => {
    const task = waiting.get(data)
    waiting.delete(data)
    task?.()
  })
  port1.start()
  const setImmediate = (task: () => void): number => {
    waiting.set(++last, task)
    port2.postMessage(last)
    return last
  }
  Object.assign(globalThis, { setImmediate, clearImmediate: (id: number): void => void waiting.delete(id) })
}

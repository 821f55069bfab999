/** Waits until something holds, and tells what it saw last when it does not. For every test with real sockets. */
export const until = async <A>(look: () => A | Promise<A>, holds: (seen: A) => boolean, limitMs = 10_000): Promise<A> => {
  const endMs = performance.now() + limitMs
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (performance.now() > endMs) throw new Error(`Not within ${limitMs} ms; last seen: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

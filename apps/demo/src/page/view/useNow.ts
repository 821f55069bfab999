/** The time (`performance.now()`), once a second, while somebody looks. */
import { type ReadonlySignal, useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"

export const useNow = (): ReadonlySignal<number> => {
  const now = useSignal(performance.now())
  useEffect(() => {
    const timer = setInterval(() => (now.value = performance.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** The devices, within a call: they float above their button, and go when one presses Escape or anywhere else. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { DeviceMenus } from "./DeviceMenus.tsx"

export const DevicesButton = () => {
  const isOpen = useSignal(false)
  const whole = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isOpen.value) return
    const leave = (event: Event) => {
      if (event.target instanceof Node && !whole.current?.contains(event.target)) isOpen.value = false
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return
      isOpen.value = false
      button.current?.focus()
    }
    addEventListener("pointerdown", leave)
    addEventListener("focusin", leave)
    addEventListener("keydown", onKey)
    return () => {
      removeEventListener("pointerdown", leave)
      removeEventListener("focusin", leave)
      removeEventListener("keydown", onKey)
    }
  }, [isOpen.value])
  return (
    <div class="floating" ref={whole}>
      <button type="button" ref={button} aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>Devices</button>
      {isOpen.value && <div class="card" role="group" aria-label="Devices"><DeviceMenus /></div>}
    </div>
  )
}

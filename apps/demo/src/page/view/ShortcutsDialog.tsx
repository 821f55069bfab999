/** The keys, listed. */
import { useEffect, useRef } from "preact/hooks"
import { areShortcutsShown } from "./panels.ts"
import { CloseIcon } from "./icons.tsx"
import { shortcuts } from "./shortcuts.ts"

export const ShortcutsDialog = () => {
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = areShortcutsShown.value
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} class="card shortcuts" aria-labelledby="shortcuts-title" onClose={() => (areShortcutsShown.value = false)}>
      <header class="row">
        <h2 id="shortcuts-title">Keys</h2>
        <button type="button" class="quiet square" aria-label="Close" onClick={() => (areShortcutsShown.value = false)}><CloseIcon /></button>
      </header>
      <dl>
        {shortcuts.map(({ key, words }) => (
          <div key={key}><dt><kbd>{key.toUpperCase()}</kbd></dt><dd>{words}</dd></div>
        ))}
      </dl>
    </dialog>
  )
}

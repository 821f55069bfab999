/** The whole page: a header, the lobby or the call, and the glass box beside it. */
import { announced } from "../model/announce.ts"
import { over, ringing, room, shownCalls, trouble } from "../model/store.ts"
import { GlassBox } from "../box/GlassBox.tsx"
import { CallView } from "./CallView.tsx"
import { Header } from "./Header.tsx"
import { IncomingDialog } from "./IncomingDialog.tsx"
import { Lobby } from "./Lobby.tsx"
import { OverView } from "./OverView.tsx"
import { RelayNotice } from "./RelayNotice.tsx"
import { isBoxOpen } from "./panels.ts"
import { ShortcutsDialog } from "./ShortcutsDialog.tsx"
import { TroubleView } from "./TroubleView.tsx"
import { useShortcuts } from "./shortcuts.ts"
import { useTitle } from "./useTitle.ts"

const Main = () => {
  if (trouble.value !== undefined) return <TroubleView words={trouble.value} />
  if (shownCalls.value.length > 0) return <CallView calls={shownCalls.value} />
  if (over.value !== undefined) return <OverView call={over.value} />
  return <Lobby room={room.value} />
}

export const App = () => {
  useShortcuts()
  useTitle()
  const incoming = ringing.value
  return (
    <div class={isBoxOpen.value ? "page with-box" : "page"}>
      <Header />
      <main id="main" tabIndex={-1}>
        <RelayNotice />
        <Main />
      </main>
      {isBoxOpen.value && <GlassBox />}
      {incoming !== undefined && <IncomingDialog key={incoming.openedId} call={incoming} />}
      <ShortcutsDialog />
      <p class="unseen" role="status" aria-live="polite">
        <span key={announced.value.turn}>{announced.value.words}</span>
      </p>
    </div>
  )
}

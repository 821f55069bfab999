/** Before a call: oneself, who else is here, and the link that brings others. */
import type { Room } from "../model/Room.ts"
import { NameForm } from "./NameForm.tsx"
import { People } from "./People.tsx"
import { Preview } from "./Preview.tsx"
import { RoomLink } from "./RoomLink.tsx"

export const Lobby = ({ room }: { readonly room: Room | undefined }) => (
  <div class="lobby">
    <Preview />
    <div class="stack">
      <NameForm room={room} />
      <People room={room} />
      <RoomLink />
    </div>
  </div>
)
